import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { eventually } from '@telltale/platform/testing';
import type pg from 'pg';
import type { Registry } from 'prom-client';
import { METRICS, READ_MODEL } from '../connections';
import { Messages } from '../sessions/messages';
import { putItem, putSession } from '../testing/rows';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';
import { FileSender } from './file-sender';
import { promptLine, publishLines } from './testing/facts';
import { read, type Reader } from './testing/reader';

const messages = 20_000;
/** So many of them have a text of this size in the log. */
const long = { every: 8, bytes: 20_000, inAFact: 10 };
const sessions = 20_000;
const megabyte = 1024 * 1024;
/** The facts read lately that the gateway keeps, and as much again for each of: rows, buffers on the way, slack. */
const boundBytes = 4 * 8 * megabyte;

let gateway: TestGateway;
let collect: () => void;
let queries = 0;
const pool = () => gateway.connections.readModel;

beforeAll(async () => {
  setFlagsFromString('--expose-gc');
  collect = runInNewContext('gc') as () => void;
  gateway = await startTestGateway();
  await putSession(pool(), { id: 'large' });
  await fill();
  gateway.app.get<pg.Pool>(READ_MODEL).on('acquire', () => queries++);
});
afterAll(() => gateway?.stop());

/** Previews of 2 KiB with an input of 2 KiB each; every eighth has its whole text in the log. */
async function fill(): Promise<void> {
  const texts = Array.from({ length: messages / long.every }, (_, n) => n);
  const facts = Array.from({ length: texts.length / long.inAFact }, (_, n) => n * long.inAFact);
  const sequences: number[] = [];
  for (const first of facts) {
    const lines = texts
      .slice(first, first + long.inAFact)
      .map((n) => promptLine(String(n * long.every), `${'text '.repeat(long.bytes / 5)} the end`));
    sequences.push(await publishLines(gateway, lines));
  }
  await pool().query(
    `insert into item (key, session_id, kind, counted, at, sequence, line, preview, input, parts)
     select case when is_long then 'p:' else 'm:' end || n, 'large', case when is_long then 'prompt' else 'assistant' end,
       true, '2026-03-01T10:00:00Z'::timestamptz + n * interval '1 s', 1, n,
       repeat(md5(n::text), case when is_long then 64 else 50 end), repeat('i', 2000),
       jsonb_build_array(jsonb_build_object('s', ($3::bigint[])[n / $2 / $4 + 1], 'l', n / $2 % $4))
     from (select n, n % $2 = 0 as is_long from generate_series(0, $1::int - 1) n) items`,
    [messages, long.every, sequences, long.inAFact],
  );
  await pool().query(
    `insert into session (id, source, host, status, started_at, last_activity_at, revision, summary, detail, registers)
     select 's' || n, 'codex', 'many', 'idle', now(), now() - n * interval '1 s', 1,
       (select jsonb_set(summary, '{id}', to_jsonb('s' || n)) from session where id = 'large'), '{}', '{}'
     from generate_series(1, $1::int) n`,
    [sessions],
  );
  await pool().query('analyze');
}

const sender = () => gateway.app.get(FileSender);
async function underWay(): Promise<number> {
  const metric = gateway.app.get<Registry>(METRICS).getSingleMetric('telltale_gateway_exports');
  return (await metric?.get())?.values[0]?.value ?? NaN;
}
const patient = { timeoutMs: 60_000 };
const settled = () => eventually(async () => expect(await underWay()).toBe(0), patient);
const held = () => {
  collect();
  collect(); // the second ends the freeing of buffers that the first began beside us
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};
/** A reader that stops after its first megabyte, until it is told to go on. */
async function stalled(path: string, of = gateway): Promise<Reader> {
  let hasStopped = false;
  const reader = await read(of, path, (bytes, response) => {
    if (hasStopped || bytes < megabyte) return;
    hasStopped = true;
    response.pause();
  });
  await eventually(() => expect(hasStopped).toBe(true), patient);
  return reader;
}

/** As ingest commits it: all of it at once. */
const deleteSession = (id: string) =>
  pool().query('with items as (delete from item where session_id = $1) delete from session where id = $1', [
    id,
  ]);

/** Has something happen right before, or after, so many readings of rows: not somewhere near, by how full buffers are. */
function meanwhile(order: 'before' | 'after', reading: number, happens: () => Promise<unknown>) {
  const rows = gateway.app.get(Messages);
  const read = rows.rows.bind(rows);
  let count = 0;
  return jest.spyOn(rows, 'rows').mockImplementation(async (...asked) => {
    const isNow = ++count === reading;
    if (isNow && order === 'before') await happens();
    const found = await read(...asked);
    if (isNow && order === 'after') await happens();
    return found;
  });
}

describe('a large file', () => {
  it.each([
    ['json', messages + 3],
    ['csv', messages + 1],
    ['md', undefined],
  ])('as %s takes a bounded memory and comes whole', async (format, lines) => {
    const before = held();
    let [most, next] = [0, 0];
    const reader = await read(gateway, `/api/sessions/large/export?format=${format}`, (bytes) => {
      if (bytes < next) return;
      next = bytes + 16 * megabyte; // each collects all garbage, which takes longer than to read so much
      most = Math.max(most, held() - before);
    });
    expect(await reader.ended).toBe(true);
    expect(reader.taken.bytes).toBeGreaterThan(2 * boundBytes);
    if (lines !== undefined) expect(reader.taken.lines).toBe(lines);
    expect(most).toBeLessThan(boundBytes);
  });

  it.each(['csv', 'ndjson'])('of a list as %s too', async (format) => {
    const before = held();
    let [most, next] = [0, 0];
    const reader = await read(gateway, `/api/export/sessions?format=${format}&host=many`, (bytes) => {
      if (bytes < next) return;
      next = bytes + 4 * megabyte;
      most = Math.max(most, held() - before);
    });
    expect(await reader.ended).toBe(true);
    expect(reader.taken.lines).toBe(sessions + (format === 'csv' ? 1 : 0));
    expect(most).toBeLessThan(boundBytes / 2);
  });

  it('is not read ahead of its reader, and holds nothing in the database meanwhile', async () => {
    const before = held();
    const reader = await stalled('/api/sessions/large/export?format=json');
    let seen = -1;
    await eventually(async () => {
      const { rows } = await pool().query<{ open: number }>(
        `select count(*)::int as open from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
           and (state like 'idle in transaction%' or (state = 'active' and query ilike '%from item%'))`,
      );
      const atLast = seen;
      seen = queries;
      expect([rows[0]?.open, atLast]).toEqual([0, queries]);
    }, patient);
    expect(held() - before).toBeLessThan(boundBytes);
    reader.response.resume();
    expect(await reader.ended).toBe(true);
    expect(reader.taken.lines).toBe(messages + 3);
  });

  it('ends when its reader goes away', async () => {
    const before = queries;
    const reader = await read(gateway, '/api/sessions/large/export?format=csv', (bytes, response) => {
      if (bytes > megabyte) response.destroy();
    });
    expect(await reader.ended).toBe(false);
    await settled();
    expect(queries - before).toBeLessThan(messages / 100 / 2);
  });

  it('lets a reader go that takes nothing for long', async () => {
    sender().patienceMs = 300;
    try {
      // It takes nothing from the start: a machine so slow that nothing moves for so long by itself does no harm.
      const reader = await read(gateway, '/api/sessions/large/export?format=csv');
      reader.response.pause();
      await settled();
      reader.response.resume();
      expect(await reader.ended).toBe(false);
    } finally {
      sender().patienceMs = 30_000;
    }
  });

  // By the number of the reading: the first looks for the feed's last message, then come its pages, three of them.
  it.each([
    ['before its last message is known', 'before', 1, 404],
    ['before its first page', 'before', 2, 404],
    ['between two pages', 'before', 3, 200],
    ['before the texts of its last page', 'after', 4, 200],
  ] as const)('is cut, not ended, where the session is deleted %s', async (_, order, reading, status) => {
    await putSession(pool(), { id: 'gone' });
    await pool().query(
      `insert into item (key, session_id, kind, at, sequence, line, preview, parts)
       select 'g:' || n, 'gone', 'assistant', now(), 1, n, repeat('x', 1900), '[]' from generate_series(1, 250) n`,
    );
    const readings = meanwhile(order, reading, () => deleteSession('gone'));
    try {
      const reader = await read(gateway, '/api/sessions/gone/export?format=json');
      // Where nothing was sent yet the answer is a problem, whole.
      expect([reader.response.statusCode, await reader.ended]).toEqual([status, status === 404]);
      expect(readings.mock.calls.length).toBeGreaterThanOrEqual(reading);
    } finally {
      readings.mockRestore();
    }
    await settled();
  });

  it('ends although the session goes on growing', async () => {
    await putSession(pool(), { id: 'grows' });
    const add = (from: number, to: number) =>
      pool().query(
        `insert into item (key, session_id, kind, at, sequence, line, preview, parts)
         select 'w:' || n, 'grows', 'assistant', '2026-03-01T10:00:00Z'::timestamptz + n * interval '1 s', 1, n,
           repeat('x', 1900), '[]' from generate_series($1::int, $2::int) n`,
        [from, to],
      );
    await add(1, 5000);
    const reader = await stalled('/api/sessions/grows/export?format=csv');
    await add(5001, 6000);
    reader.response.resume();
    expect(await reader.ended).toBe(true);
    expect(reader.taken.lines).toBe(5001);
  });

  it('has every session of a list once, although they move meanwhile', async () => {
    const reader = await stalled('/api/export/sessions?format=ndjson&host=many');
    await pool().query(
      "update session set last_activity_at = now() where host = 'many' and right(id, 1) = '7'",
    );
    reader.response.resume();
    expect(await reader.ended).toBe(true);
    expect(reader.taken.lines).toBe(sessions);
  });

  it('waits for its turn where many are under way', async () => {
    sender().mostAtOnce = { all: 1, ofOne: 1 };
    try {
      const reader = await stalled('/api/sessions/large/export?format=csv');
      const second = await gateway.fetch('/api/sessions/large/export?format=csv', {
        headers: gateway.bearer(),
      });
      expect([second.status, second.headers.get('retry-after')]).toEqual([503, '5']);
      expect(second.headers.get('content-disposition')).toBeNull();
      reader.response.destroy();
      await settled();
    } finally {
      sender().mostAtOnce = { all: 16, ofOne: 8 };
    }
  });
});

describe('without the log', () => {
  it('a file is cut, or refused, rather than filled with previews', async () => {
    await putSession(pool(), { id: 'fresh' });
    const sequence = await publishLines(gateway, [promptLine('fresh', 'whole '.repeat(1000))]);
    const item = { session: 'fresh', kind: 'prompt', preview: 'whole '.repeat(341), at: null } as const;
    await putItem(pool(), { ...item, key: 'p:fresh', parts: [{ u: 'p:fresh', s: sequence, l: 0 }] });
    const reader = await stalled('/api/sessions/large/export?format=csv');
    await gateway.nats.stop();
    reader.response.resume();
    expect(await reader.ended).toBe(false);
    const refused = await gateway.fetch('/api/sessions/fresh/export?format=csv', {
      headers: gateway.bearer(),
    });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  });
});

it('does not keep a gateway from stopping', async () => {
  const other = await startTestGateway();
  other.app.get(FileSender).patienceMs = 600_000;
  await putSession(other.connections.readModel, { id: 'large' });
  await other.connections.readModel.query(
    `insert into item (key, session_id, kind, at, sequence, line, preview, parts)
     select 'm:' || n, 'large', 'assistant', now(), 1, n, repeat('x', 1900), '[]' from generate_series(1, 10000) n`,
  );
  const reader = await stalled('/api/sessions/large/export?format=csv', other);
  await other.stop();
  reader.response.resume();
  expect(await reader.ended).toBe(false);
});
