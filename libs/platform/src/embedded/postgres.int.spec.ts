import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../postgres/data-source-options';
import { createPool } from '../postgres/pool';
import { withConnection } from '../postgres/with-connection';
import { eventually, startTestPostgres, temporaryFolder, type TestPostgres } from '../testing';
import { startEmbeddedPostgres } from './postgres';
import { commandLine } from './running-process';

describe('embedded PostgreSQL', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startTestPostgres();
  });
  afterAll(() => postgres.stop());

  const request = (url: string) => ({
    url,
    searchPath: 'read_model, public',
    applicationName: 'spec',
    max: 2,
  });

  it('is version 18, loopback only, in UTF-8 with a locale of its own', async () => {
    const { rows } = await withConnection(postgres.url, (client) =>
      client.query<{ name: string; setting: string }>(
        "SELECT name, setting FROM pg_settings WHERE name IN ('server_version','listen_addresses','server_encoding','synchronous_commit') ORDER BY name",
      ),
    );
    expect(rows.map((row) => row.setting)).toEqual([
      '127.0.0.1',
      'UTF8',
      expect.stringMatching(/^18\./),
      'on',
    ]);
  });

  it('refuses a wrong password', async () => {
    const url = postgres.url.replace(/:[^:@]+@/, ':wrong@');
    await expect(withConnection(url, () => Promise.resolve())).rejects.toThrow(/password/);
  });

  it('keeps committed rows and its port over a kill -9, and a pool comes back by itself', async () => {
    const pool = createPool(request(await postgres.createDatabase()));
    await pool.query('CREATE TABLE t (n bigint)');
    await pool.query('INSERT INTO t VALUES (1)');
    await postgres.kill();
    // A backend that was not killed itself answers until it notices.
    await eventually(() => expect(pool.query('SELECT 1')).rejects.toThrow());
    await postgres.restart();
    const { rows } = await eventually(() => pool.query<{ n: number }>('SELECT n FROM t'));
    expect(rows).toEqual([{ n: 1 }]);
    await pool.end();
  });

  it('gives int8 as a number where that is exact, else as a bigint; sets search path and timeouts', async () => {
    const pool = createPool(request(await postgres.createDatabase()));
    const { rows } = await pool.query(
      'SELECT 42::int8 AS small, 9007199254740993::int8 AS large, current_setting($1) AS path',
      ['search_path'],
    );
    expect(rows).toEqual([{ small: 42, large: 9007199254740993n, path: 'read_model, public' }]);
    await pool.end();
  });

  it('ends a transaction that its owner left idle, and the process lives', async () => {
    const pool = createPool({ ...request(await postgres.createDatabase()), idleInTransactionTimeoutMs: 50 });
    const client = await pool.connect();
    await client.query('BEGIN');
    await eventually(async () => {
      const { rows } = await pool.query(
        "SELECT 1 FROM pg_stat_activity WHERE application_name = 'spec' AND state = 'idle in transaction'",
      );
      expect(rows).toEqual([]);
    });
    await expect(client.query('SELECT 1')).rejects.toThrow();
    client.release(true);
    await pool.end();
  });

  it('serves TypeORM the same way', async () => {
    const source = await new DataSource({
      ...dataSourceOptions(request(await postgres.createDatabase())),
      entities: [],
    }).initialize();
    expect(await source.query("SELECT 7::int8 AS n, current_setting('search_path') AS path")).toEqual([
      { n: 7, path: 'read_model, public' },
    ]);
    await source.destroy();
  });

  it('ends a server that an earlier start left running on the same data', async () => {
    const folder = await temporaryFolder();
    const first = await startEmbeddedPostgres({ dataDir: join(folder.path, 'postgres') });
    const second = await startEmbeddedPostgres({ dataDir: join(folder.path, 'postgres') });
    expect(commandLine(first.pid)).toBeUndefined();
    await second.stop();
    await folder.remove();
  });

  it('starts although the number in its lock file now belongs to another process, and after an unfinished first start', async () => {
    const folder = await temporaryFolder();
    const dataDir = join(folder.path, 'postgres');
    writeFileSync(`${dataDir}.password`, 'left behind');
    const first = await startEmbeddedPostgres({ dataDir });
    await first.kill();
    const lockFile = join(dataDir, 'postmaster.pid');
    writeFileSync(lockFile, readFileSync(lockFile, 'utf8').replace(/^\d+/, String(process.ppid)));
    const second = await startEmbeddedPostgres({ dataDir });
    await second.stop();
    await folder.remove();
  });

  it('leaves no server behind when its database cannot be made', async () => {
    const folder = await temporaryFolder();
    const dataDir = join(folder.path, 'postgres');
    await expect(startEmbeddedPostgres({ dataDir, database: '' })).rejects.toThrow(/zero-length/);
    expect(existsSync(join(dataDir, 'PG_VERSION'))).toBe(true);
    expect(existsSync(join(dataDir, 'postmaster.pid'))).toBe(false);
    await folder.remove();
  });

  it('does not touch a folder that is not its own', async () => {
    const folder = await temporaryFolder();
    writeFileSync(join(folder.path, 'letter.txt'), 'dear');
    await expect(startEmbeddedPostgres({ dataDir: folder.path })).rejects.toThrow(/not Telltale's/);
    expect(readFileSync(join(folder.path, 'letter.txt'), 'utf8')).toBe('dear');
    await folder.remove();
  });
});
