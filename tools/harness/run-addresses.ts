import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.object({
  environment: z.object({ ingest: z.object({ NATS_URL: z.string(), DATABASE_URL: z.string() }) }),
});

/** Where the servers of a running Telltale are, with the rights of its services. */
export function runAddresses(home: string): { readonly natsUrl: string; readonly databaseUrl: string } {
  const { NATS_URL, DATABASE_URL } = schema.parse(JSON.parse(readFileSync(join(home, 'run.json'), 'utf8')))
    .environment.ingest;
  return { natsUrl: NATS_URL, databaseUrl: DATABASE_URL };
}
