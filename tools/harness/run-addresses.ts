import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.object({
  operator: z.object({ NATS_URL: z.string(), DATABASE_URL: z.string() }),
});

/** Where the servers of a running Telltale are, with all rights. */
export function runAddresses(home: string): { readonly natsUrl: string; readonly databaseUrl: string } {
  const { NATS_URL, DATABASE_URL } = schema.parse(
    JSON.parse(readFileSync(join(home, 'run.json'), 'utf8')),
  ).operator;
  return { natsUrl: NATS_URL, databaseUrl: DATABASE_URL };
}
