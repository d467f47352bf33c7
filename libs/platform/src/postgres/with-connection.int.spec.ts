import { startTestPostgres, type TestPostgres } from '../testing';
import { withConnection } from './with-connection';

let server: TestPostgres;
beforeAll(async () => {
  server = await startTestPostgres();
});
afterAll(() => server.stop());

const backends = (url: string) =>
  withConnection(url, async (client) => {
    const { rows } = await client.query<{ pid: number }>(
      'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    return rows.map(({ pid }) => pid);
  });

it('answers what the work found, and leaves no connection', async () => {
  const url = await server.createDatabase();
  const found = await withConnection(
    url,
    async (client) => (await client.query('select 1 as n')).rows as unknown,
  );
  expect(found).toEqual([{ n: 1 }]);
  expect(await backends(url)).toEqual([]);
});

it('passes the options on', async () => {
  const found = await withConnection(
    await server.createDatabase(),
    async (client) => (await client.query('show search_path')).rows as unknown,
    '-c search_path=elsewhere',
  );
  expect(found).toEqual([{ search_path: 'elsewhere' }]);
});

it('fails the work, not the process, when the server ends the connection between two statements', async () => {
  const url = await server.createDatabase();
  const work = withConnection(url, async (client) => {
    const ended = new Promise((done) => void client.once('end', () => done(undefined)));
    const [pid] = await backends(url);
    await withConnection(url, (other) => other.query('select pg_terminate_backend($1)', [pid]));
    await ended;
    await client.query('select 1');
  });
  await expect(work).rejects.toThrow(/not queryable|closed|terminated/);
});
