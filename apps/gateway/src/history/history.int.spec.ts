import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import {
  factHeaders,
  factsStreamName,
  factSubject,
  partitionOf,
  problemSchema,
  provenanceSchema,
  servedSessionSchema,
  stableHash,
  type FactType,
} from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import type { TestGateway } from '../testing/test-gateway';
import { startGatewayWithIngest, type GatewayWithIngest } from '../testing/with-ingest';

const host = 'atlas';
const root = '/home/dev/.claude';
const id = '5e551000-0000-4000-8000-000000000001';
const path = `${root}/projects/-home-dev-shop/${id}.jsonl`;
/** 2026-03-01T09:00:00Z, and seconds after it. */
const second = (n: number) => new Date(Date.UTC(2026, 2, 1, 9) + n * 1000).toISOString();

let gateway: TestGateway;
let running: GatewayWithIngest;

beforeAll(async () => {
  running = await startGatewayWithIngest();
  ({ gateway } = running);
});
afterAll(() => running?.stop());

interface Sent {
  readonly type?: FactType;
  readonly from?: number;
  readonly body?: Buffer;
  readonly generation?: string;
  readonly part?: string;
  readonly file?: string;
  readonly key?: string;
}

/** Publishes a fact as a watcher would. */
async function say(sent: Sent): Promise<number> {
  const {
    type = 'telltale.file.appended.v1',
    from = 0,
    body = Buffer.alloc(0),
    file = path,
    key = id,
  } = sent;
  const subject = factSubject({
    partition: partitionOf(key),
    source: 'claude-code',
    host,
    file: stableHash(file),
  });
  const said = headers();
  for (const [name, value] of factHeaders({
    ...{ specversion: '1.0', id: `fact-${Math.random()}`, source: `/watchers/${host}`, type },
    ...{
      time: second(0),
      path: file,
      root,
      generation: sent.generation ?? 'g1',
      from,
      to: from + body.length,
    },
    ...(sent.part === undefined ? {} : { part: sent.part }),
  }))
    said.set(name, value);
  const { seq } = await jetstream(gateway.connections.nats).publish(subject, body, { headers: said });
  return seq;
}

const line = (record: object) => Buffer.from(`${JSON.stringify(record)}\n`);
const about = (at: number, uuid: string) => ({
  sessionId: id,
  cwd: '/home/dev/shop',
  timestamp: second(at),
  uuid,
});
const prompt = (at: number, text: string) =>
  line({ type: 'user', ...about(at, `p${at}`), message: { role: 'user', content: text } });
const answer = (at: number, uuid: string, output: number, text = 'Done.') =>
  line({
    ...{ type: 'assistant', ...about(at, uuid), requestId: 'req_1' },
    message: {
      ...{ id: 'msg_1', role: 'assistant', model: 'claude-opus-4-6', content: [{ type: 'text', text }] },
      usage: { input_tokens: 10, output_tokens: output },
    },
  });

async function committed(sequence: number): Promise<void> {
  await eventually(
    async () => {
      const { rows } = await gateway.connections.readModel.query<{ sequence: number }>(
        'select coalesce(max(last_sequence), 0)::int as sequence from file_state',
      );
      expect(rows[0]?.sequence).toBeGreaterThanOrEqual(sequence);
    },
    { timeoutMs: 60_000 },
  );
}

const stateOf = async (at: number) => {
  const { status, body, etag } = await gateway.get(`/api/sessions/${id}/state?at=${second(at)}`);
  return { status, etag, state: status === 200 ? servedSessionSchema.parse(body) : undefined, body };
};
const provenance = async (query: string) => {
  const { status, body } = await gateway.get(`/api/sessions/${id}/provenance?${query}`);
  expect(status).toBe(200);
  return provenanceSchema.parse(body);
};

/** The whole file: a prompt; an answer in two rows, the second of them long and in parts; a prompt. */
const lines = [
  prompt(1, 'Hello'),
  answer(5, 'a1', 3),
  answer(6, 'a2', 40, 'x'.repeat(900)),
  prompt(60, 'And?'),
];
const whole = Buffer.concat(lines);
const offsets = lines.map((_, n) => Buffer.concat(lines.slice(0, n)).length);

it('shows a session as it was, second by second', async () => {
  await say({ body: Buffer.concat(lines.slice(0, 2)) });
  const [long = Buffer.alloc(0)] = lines.slice(2);
  const from = offsets[2] ?? 0;
  await say({ from, body: long.subarray(0, 500), part: '1/3' });
  await say({ from: from + 500, body: long.subarray(500, 1000), part: '2/3' });
  await say({ from: from + 1000, body: long.subarray(1000), part: '3/3' });
  await committed(await say({ from: offsets[3] ?? 0, body: lines[3] ?? Buffer.alloc(0) }));
  const figures = await Promise.all(
    [1, 5, 6, 59, 60].map(async (at) => {
      const { state } = await stateOf(at);
      return [state?.stats.messages, state?.stats.tokens.output, state?.status];
    }),
  );
  expect(figures).toEqual([
    [1, 0, 'running'],
    [2, 0, 'running'],
    [2, 40, 'running'],
    [2, 40, 'running'],
    [3, 40, 'running'],
  ]);
  expect((await stateOf(60 + 299)).state?.status).toBe('running');
  expect((await stateOf(60 + 301)).state?.status).toBe('idle');
  expect((await stateOf(60 + 86_400)).state?.status).toBe('completed');
});

it('says that there was nothing before it began, and nothing at all of others', async () => {
  const { status, body } = await stateOf(0);
  expect([status, problemSchema.parse(body).detail]).toEqual([404, expect.stringContaining('had not begun')]);
  expect((await gateway.get(`/api/sessions/nobody/state?at=${second(5)}`)).status).toBe(404);
  expect((await gateway.get('/api/sessions/nobody/provenance')).status).toBe(404);
});

it.each([
  ['state', 'at'],
  ['state?at=yesterday', 'at'],
  ['state?at=2026-03-01', 'at'],
  [`state?at=${second(5)}&tz=UTC`, 'tz'],
  ['provenance?figure=luck', 'figure'],
  ['provenance?limit=0', 'limit'],
  ['provenance?cursor=abc', 'cursor'],
])('%s is refused, naming what is wrong', async (query, field) => {
  const { status, body } = await gateway.get(`/api/sessions/${id}/${query}`);
  expect([status, problemSchema.parse(body).field]).toEqual([400, field]);
});

it('answers 304 while nothing changed', async () => {
  const { etag } = await stateOf(6);
  const again = await gateway.fetch(`/api/sessions/${id}/state?at=${second(6)}`, {
    headers: { ...gateway.bearer(), 'if-none-match': etag ?? '' },
  });
  expect(again.status).toBe(304);
  expect((await stateOf(7)).etag).not.toBe(etag);
});

it('names the file, the bytes, the record and the price behind a number, and why others do not count', async () => {
  const tokens = await provenance('figure=tokens.total');
  expect(tokens.items).toEqual([
    {
      ...{ figure: 'tokens.total', value: 13, file: path, host, record: 'a1', priceVersion: null },
      ...{ from: offsets[1], to: (offsets[2] ?? 0) - 1 },
      verdict: 'superseded by a later row of the same message, which states more tokens',
    },
    {
      ...{ figure: 'tokens.total', value: 50, file: path, host, record: 'a2', priceVersion: null },
      ...{ from: offsets[2], to: (offsets[3] ?? 0) - 1 },
      verdict: 'counted',
    },
  ]);
  for (const { from, to, record } of tokens.items)
    expect(JSON.parse(whole.subarray(from ?? 0, to ?? 0).toString())).toMatchObject({ uuid: record });
  const { items } = await provenance('figure=costUsd');
  expect(items[1]).toMatchObject({ verdict: 'counted', priceVersion: expect.stringMatching(/^\d{4}-/) });
  const { stats } = servedSessionSchema.parse((await gateway.get(`/api/sessions/${id}`)).body);
  expect(items[1]?.value).toBe(stats.costUsd);
});

it('gives all figures page by page, each record once', async () => {
  const all = await provenance('limit=200');
  expect(all.nextCursor).toBeNull();
  expect(all.total).toBe(all.items.length);
  const paged = [];
  for (let cursor = ''; ;) {
    const page = await provenance(`limit=2${cursor}`);
    expect(page.items.length).toBeLessThanOrEqual(2);
    paged.push(...page.items);
    if (page.nextCursor === null) break;
    cursor = `&cursor=${page.nextCursor}`;
  }
  expect(paged).toEqual(all.items);
});

it('lets no live registry of today into the past', async () => {
  const file = `${root}/sessions/77.json`;
  const process = (at: number, status: string) =>
    line({ pid: 77, sessionId: id, status, statusUpdatedAt: second(at), waitingFor: 'permission' });
  await say({ file, key: file, generation: 'r1', body: process(10, 'busy') });
  await say({ file, key: file, generation: 'r2', body: process(20, 'waiting') });
  await say({ file, key: file, generation: 'r3', body: process(30, 'idle') });
  await committed(await say({ file, key: file, type: 'telltale.file.removed.v1', generation: 'r3' }));
  await eventually(async () => {
    const { body } = await gateway.get(`/api/sessions/${id}`);
    expect(servedSessionSchema.parse(body).status).toBe('completed');
  });
  const statuses = [];
  for (const at of [9, 15, 25, 35]) statuses.push((await stateOf(at)).state?.status);
  expect(statuses).toEqual(['running', 'running', 'waiting', 'idle']);
  expect((await stateOf(25)).state?.waitingFor).toBe('permission');
});

it('knows that a file was written anew: what stood in it has no byte range any more', async () => {
  const anew = Buffer.concat([prompt(1, 'Hello'), prompt(70, 'Once more')]);
  await committed(await say({ body: anew, generation: 'g2' }));
  const { items } = await provenance('figure=messages');
  expect(items.map(({ record, verdict, from }) => [record, verdict, from])).toEqual([
    ['p1 (of an earlier version of the file)', 'tells of a message that is counted once', null],
    ['p1', 'counted', 0],
    ['a1 (of an earlier version of the file)', 'counted', null],
    ['a2 (of an earlier version of the file)', 'tells of a message that is counted once', null],
    ['p60 (of an earlier version of the file)', 'counted', null],
    ['p70', 'counted', prompt(1, 'Hello').length],
  ]);
});

it('is archived from when its file was removed, and not before', async () => {
  await committed(await say({ type: 'telltale.file.removed.v1', generation: 'g2' }));
  expect((await stateOf(75)).state?.archived).toBe(false);
  const { body } = await gateway.get(
    `/api/sessions/${id}/state?at=${new Date(Date.now() + 1000).toISOString()}`,
  );
  expect(servedSessionSchema.parse(body)).toMatchObject({ archived: true, files: [{ removed: true }] });
});

it('still sums up where the log has forgotten what was read, and says so', async () => {
  const manager = await jetstreamManager(gateway.connections.nats);
  await manager.streams.purge(factsStreamName, { filter: 'telltale.facts.>' });
  await committed(await say({ body: prompt(80, 'Later'), generation: 'g3' }));
  const { items } = await provenance('figure=messages');
  const counted = items.filter(({ verdict }) => verdict === 'counted');
  const session = servedSessionSchema.parse((await gateway.get(`/api/sessions/${id}`)).body);
  expect(counted).toHaveLength(session.stats.messages);
  expect(counted.map(({ record, file }) => [record, file])).toEqual([
    ...['p1', 'a1', 'p60', 'p70'].map((record) => [`${record} (the log no longer holds it)`, null]),
    ['p80', path],
  ]);
  expect((await stateOf(6)).state?.stats).toMatchObject({ messages: 2, tokens: { output: 40 } });
});

it('says that the log does not answer, and answers again when it does', async () => {
  await committed(
    await say({ from: prompt(80, 'Later').length, body: prompt(90, 'Last'), generation: 'g3' }),
  );
  const held = gateway.nats;
  await held.kill();
  const { status, body } = await gateway.get(`/api/sessions/${id}/provenance`);
  expect([status, problemSchema.parse(body).detail]).toEqual([503, expect.stringContaining('log')]);
  await held.restart();
  await eventually(async () => expect((await provenance('figure=prompts')).total).toBeGreaterThan(0), {
    timeoutMs: 60_000,
  });
});
