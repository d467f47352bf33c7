import {
  generatedLater,
  generatingSteps,
  type GeneratedSize,
} from '@telltale/domain/testing/generated-read-model';
import { withConnection } from '@telltale/platform';
import type pg from 'pg';

const tables = ['item', 'usage', 'rollup', 'rollup_tool', 'search_document'];

/** Fills an empty read model with generated rows, in sets; says now and then how far it is. */
export async function fillReadModel(
  databaseUrl: string,
  size: GeneratedSize,
  say: (what: string) => void,
): Promise<void> {
  const fill = async (client: pg.Client) => {
    // It lives for one measurement: nothing of it has to survive a crash.
    await client.query(`set synchronous_commit = off; set maintenance_work_mem = '1GB'`);
    for (const table of tables) await client.query(`alter table ${table} set unlogged`);
    const later = await dropIndexes(client);
    const steps = [
      ...generatingSteps(size),
      ...later.map((sql) => ({ what: /INDEX (\w+)/.exec(sql)?.[1] ?? sql, sql })),
      { what: 'statistics', sql: 'vacuum (analyze)' },
    ];
    for (const { what, sql } of steps) {
      await client.query(sql);
      say(what);
    }
  };
  await withConnection(databaseUrl, fill, '-c search_path=read_model');
}

/** The statements that make them again, each with its own name. */
async function dropIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; sql: string }>(
    'select indexname as name, indexdef as sql from pg_indexes where schemaname = $1 and indexname = any($2)',
    ['read_model', generatedLater],
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return rows.map(({ sql }) => sql);
}
