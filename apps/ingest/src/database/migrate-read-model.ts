import { createPool } from '@telltale/platform';
import { migratingDataSource, readModelSchema } from './data-source';

/** Brings the read model's schema up to date; returns the names of the migrations that ran. */
export async function migrateReadModel(url: string): Promise<string[]> {
  const pool = createPool({
    url,
    searchPath: 'public',
    applicationName: 'telltale-ingest-migrate',
    max: 1,
    statementTimeoutMs: 0,
    idleInTransactionTimeoutMs: 0,
  });
  const client = await pool.connect();
  try {
    // Two replicas that start at once take turns: the lock ends with the connection.
    await client.query("select pg_advisory_lock(hashtext('telltale-migrations'))");
    await client.query(`create schema if not exists ${readModelSchema}`);
    const source = await migratingDataSource(url).initialize();
    try {
      return (await source.runMigrations()).map((migration) => migration.name);
    } finally {
      await source.destroy(); // open connections would keep a process alive whose migration failed
    }
  } finally {
    client.release(true);
    await pool.end();
  }
}
