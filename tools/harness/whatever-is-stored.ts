import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesStreamName, factsStreamName } from '@telltale/contracts';
import { connectNats } from '@telltale/platform';
import { readableText, tablesWith } from '@telltale/platform/testing';
import pg from 'pg';
import { runAddresses } from './run-addresses';

/** Where a running Telltale keeps a text: streams, `schema.table`, logs. In letters of whatever case. */
export async function placesOf(home: string, texts: readonly string[]): Promise<string[]> {
  const { natsUrl, databaseUrl } = runAddresses(home);
  const nats = await connectNats({ url: natsUrl, name: 'whatever-is-stored' });
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  try {
    const places: string[] = [];
    for (const stream of [factsStreamName, bytesStreamName])
      if (holdsAny(await readableText(nats, stream), texts)) places.push(stream);
    for (const text of texts) places.push(...(await tablesWith(pool, text)));
    const folder = join(home, 'logs');
    for (const log of readdirSync(folder))
      if (holdsAny(readFileSync(join(folder, log), 'utf8'), texts)) places.push(`logs/${log}`);
    return [...new Set(places)];
  } finally {
    await Promise.all([nats.close(), pool.end()]);
  }
}

/** In letters of whatever case. */
export function holdsAny(text: string, sought: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return sought.some((one) => lower.includes(one.toLowerCase()));
}
