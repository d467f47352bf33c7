import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type pg from 'pg';

/** Everything that can be read from a stream: subjects, headers and bodies as one text. */
export async function readableText(nats: NatsConnection, stream: string): Promise<string> {
  const manager = await jetstreamManager(nats);
  const { state } = await manager.streams.info(stream);
  const texts: string[] = [];
  for (let next = state.first_seq; next <= state.last_seq && state.messages > 0;) {
    const message = await manager.direct.getMessage(stream, { seq: next, next_by_subj: '>' });
    if (message === null) break;
    const said = [...message.header].map(([name, values]) => `${name}: ${values.join()}`).join('\n');
    texts.push(`${message.subject}\n${said}\n${Buffer.from(message.data).toString('latin1')}`);
    next = message.seq + 1;
  }
  return texts.join('\n');
}

/**
 * `schema.table` of every table in whose rows the text stands, in whatever column and in letters of whatever case: a
 * search index keeps words in small ones.
 */
export async function tablesWith(pool: pg.Pool, text: string): Promise<string[]> {
  const { rows } = await pool.query<{ schema: string; name: string }>(
    `select table_schema as schema, table_name as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const found: string[] = [];
  for (const { schema, name } of rows) {
    const { rowCount } = await pool.query(
      `select 1 from "${schema}"."${name}" as it where strpos(lower(it::text), lower($1)) > 0 limit 1`,
      [text],
    );
    if (rowCount !== 0) found.push(`${schema}.${name}`);
  }
  return found;
}
