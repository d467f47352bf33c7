import { createPool } from '@telltale/platform';
import { eventually, startTestPostgres, type TestPostgres } from '@telltale/platform/testing';
import * as fc from 'fast-check';
import pg from 'pg';
import { migrateReadModel } from '../../../testing/programs';
import { putSession } from '../../../testing/rows';
import { KeptSessions, type KeptBounds } from './kept-sessions';

let postgres: TestPostgres;
let pool: pg.Pool;
beforeAll(async () => {
  postgres = await startTestPostgres();
  const owner = new pg.Client({ connectionString: postgres.url });
  await owner.connect();
  await owner.query(`alter system set wal_writer_delay = '10s'`); // so long stays unwritten what nobody waits for
  await owner.query('select pg_reload_conf()');
  await owner.end();
  const url = await postgres.createDatabase();
  const roles = await postgres.rolesOf(url);
  await migrateReadModel(roles.ingest);
  pool = createPool({
    url: roles.ingest,
    searchPath: 'read_model',
    applicationName: 'kept-sessions',
    max: 6,
    idleInTransactionTimeoutMs: 0,
  });
});
afterAll(async () => {
  await pool?.end();
  await postgres?.stop();
});
beforeEach(() => pool.query(`truncate session; update generation set id = id || '-'`));

interface Shown {
  readonly id: string;
  readonly title: string | null;
}
function kept(bounds?: KeptBounds, asked: string[] = []): KeptSessions<Shown> {
  const noting = Object.create(pool) as pg.Pool;
  noting.query = ((query: pg.QueryConfig) => {
    asked.push(query.name ?? '');
    return pool.query(query);
  }) as pg.Pool['query'];
  const shown = {
    name: 'shown',
    columns: 's.id, s.title',
    joins: '',
    where: `s.source <> 'gemini'`,
    json: ({ id, title }: Shown) => JSON.stringify({ id, title }),
  };
  return new KeptSessions(noting, shown, bounds);
}

async function listed(sessions: KeptSessions<Shown>): Promise<unknown[]> {
  const pages: string[] = [];
  for await (const page of sessions.pages()) if (page.length > 0) pages.push(page.toString());
  return JSON.parse(`[${pages.join(',')}]`) as unknown[];
}

async function stored(): Promise<unknown[]> {
  const { rows } = await pool.query<Shown>(
    `select id, title from session where started_at is not null and source <> 'gemini' order by started_at desc, id collate "C" desc`,
  );
  return rows;
}

const minute = (n: number) => new Date(Date.UTC(2026, 2, 1, 0, n)).toISOString();
const seed = (n: number, title = 'as it was') =>
  putSession(pool, {
    id: `s${n}`,
    title,
    startedAt: minute(n % 7),
    source: n % 5 === 4 ? 'gemini' : 'codex',
  });

it('answers with what is committed, in whatever order transactions commit', async () => {
  const step = fc.record({
    writer: fc.nat(2),
    what: fc.constantFrom('begin', 'write', 'delete', 'commit', 'rollback', 'read'),
    session: fc.nat(9),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      await pool.query(`truncate session; update generation set id = id || '-'`);
      for (let n = 0; n < 8; n++) await seed(n);
      const sessions = kept();
      const writers = [await pool.connect(), await pool.connect(), await pool.connect()];
      try {
        for (const [n, { writer, what, session }] of steps.entries()) {
          const client = writers[writer] as pg.PoolClient;
          // One session is one writer's: none waits for another's lock.
          const id = `s${session - (session % 3) + writer}`;
          if (what === 'read') expect(await listed(sessions)).toEqual(await stored());
          else if (what === 'write')
            await client.query(
              `insert into session (id, source, host, status, started_at, title, revision, summary, detail, registers)
               values ($1, 'codex', '', 'idle', $2, $3, 1, '{}', '{}', '{}')
               on conflict (id) do update set title = excluded.title, started_at = least(session.started_at, excluded.started_at)`,
              [id, minute(session), `step ${n}`],
            );
          else if (what === 'delete')
            await client.query('update session set deleted = true, started_at = null where id = $1', [id]);
          else await client.query(what);
        }
        for (const client of writers) await client.query('commit');
        expect(await listed(sessions)).toEqual(await stored());
      } finally {
        for (const client of writers) client.release();
        sessions.forget();
      }
    }),
    { numRuns: 25 },
  );
});

it('reads all once, and then what changed', async () => {
  for (let n = 0; n < 6; n++) await seed(n);
  const asked: string[] = [];
  const sessions = kept(undefined, asked);
  await listed(sessions);
  expect(asked).toEqual(['read-model-moment', 'shown']);
  asked.length = 0;
  await seed(3, 'renamed');
  expect(await listed(sessions)).toEqual(await stored());
  expect(asked).toEqual(['read-model-moment', 'changed-sessions', 'shown-changed']);
  sessions.forget();
});

it.each([
  ['from another read model', `truncate session; update generation set id = id || '-'`],
  ['where rows were taken away', 'truncate session'],
])('reads all anew %s', async (_, wipe) => {
  await seed(1);
  const sessions = kept();
  await listed(sessions);
  await pool.query(wipe);
  await seed(2);
  expect(await listed(sessions)).toEqual(await stored());
  sessions.forget();
});

async function answersAnew(): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } finally {
    await client.end().catch(() => undefined);
  }
}

it('reads all anew from a server that crashed: it may give numbers of transactions again', async () => {
  for (let n = 0; n < 3; n++) await seed(n);
  const sessions = kept();
  await listed(sessions);
  const [writer, witness] = [await pool.connect(), await pool.connect()];
  for (const client of [writer, witness]) client.on('error', () => undefined);
  const { rows } = await writer.query<{ pid: number }>(
    `select pg_backend_pid() as pid, set_config('synchronous_commit', 'off', false)`,
  );
  for (let n = 0; n < 20; n++) await writer.query('select pg_current_xact_id()');
  await listed(sessions);
  process.kill(rows[0]?.pid ?? NaN, 'SIGKILL');
  // Once another is ended, too, the server takes no new connection before it has recovered.
  await eventually(() => expect(witness.query('select 1')).rejects.toThrow());
  for (const client of [writer, witness]) client.release(true);
  await eventually(answersAnew);
  await eventually(() => seed(1, 'after the crash'));
  expect(await listed(sessions)).toEqual(await stored());
  sessions.forget();
});

it('keeps nothing of more than it may', async () => {
  for (let n = 0; n < 12; n++) await seed(n);
  const asked: string[] = [];
  const sessions = kept({ bytes: 100, idleMs: 60_000 }, asked);
  for (let n = 0; n < 2; n++) expect(await listed(sessions)).toEqual(await stored());
  expect(asked).toEqual(['read-model-moment', 'shown', 'shown', 'shown']);
});

it('finds what changed by an index', async () => {
  await pool.query(
    `insert into session (id, source, host, status, started_at, revision, summary, detail, registers)
     select 'n' || n, 'codex', '', 'idle', now(), 1, '{}', '{}', '{}' from generate_series(1, 3000) n`,
  );
  await pool.query('analyze session');
  const { rows } = await pool.query<{ 'QUERY PLAN': string }>(
    `explain select id from session where changed_in >= pg_snapshot_xmin(pg_current_snapshot())
       and changed_in < pg_snapshot_xmax(pg_current_snapshot()) limit 5001`,
  );
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('session_changed_in');
});
