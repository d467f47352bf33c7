import { eventually } from '@telltale/platform/testing';
import { z } from 'zod';
import { createApplication } from '../application';
import { connect, READ_MODEL } from '../connections';
import { putItem, stats } from '../testing/rows';
import { recordStatements } from '../testing/statements';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';
import { Commits } from './testing/commits';
import { EventSourceClient } from './testing/event-source';
import { nobodyListens } from './testing/nobody-listens';

/** What the session home page read. */
const sessionDataSchema = z.strictObject({
  id: z.string(),
  sessionId: z.string(),
  title: z.string(),
  directory: z.string(),
  projectPath: z.string(),
  firstPrompt: z.string(),
  messageCount: z.number().int(),
  createdAt: z.number().int(),
  updatedAt: z.number().int(),
  created: z.iso.datetime(),
  modified: z.iso.datetime(),
  gitBranch: z.string().optional(),
  isSidechain: z.boolean(),
});
const frameSchema = z.strictObject({
  type: z.enum(['init', 'session-created', 'session-updated', 'session-deleted', 'refresh', 'keepalive']),
  sessions: z.array(sessionDataSchema),
  timestamp: z.number().int(),
});
type Frame = z.infer<typeof frameSchema>;

let gateway: TestGateway;
let commits: Commits;
const clients: EventSourceClient[] = [];
const pool = () => gateway.connections.readModel;
const token = () => gateway.bearer('viewer')['authorization']?.replace('Bearer ', '') ?? '';

beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());
beforeEach(async () => {
  await pool().query(`truncate session, item; update generation set id = id || '-'`);
  commits = new Commits(gateway);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await nobodyListens(gateway);
});

function framesOf(client: EventSourceClient): Frame[] {
  return client.events.map(({ type, data }) => {
    const frame = frameSchema.parse(JSON.parse(data));
    expect(type).toBe(frame.type); // each kind has a listener of its own
    return frame;
  });
}

async function homePage(url = gateway.url): Promise<EventSourceClient> {
  const client = await EventSourceClient.open(`${url}/api/claude-sessions/stream?access_token=${token()}`);
  clients.push(client);
  await eventually(() => expect(framesOf(client)[0]?.type).toBe('init'));
  return client;
}

const words = (client: EventSourceClient) =>
  framesOf(client)
    .slice(1)
    .map(({ type, sessions }) => `${type} ${sessions.map(({ id }) => id).join(' ')}`);

const all = async () => {
  const { status, body } = await gateway.get('/api/claude-sessions/all');
  expect(status).toBe(200);
  return z.array(sessionDataSchema).parse(body);
};

it('lists Claude Code and OpenCode sessions, whole and unpaged', async () => {
  await commits.seed({
    id: 's1',
    nativeId: 'native',
    title: 'Sign the webhooks',
    branch: 'feat/signer',
    startedAt: '2026-03-01T10:00:00.000Z',
    lastActivityAt: '2026-03-01T10:30:00.500Z',
    stats: stats({ messages: 7 }),
  });
  const prompts = [
    { key: 'agent', at: '2026-03-01T09:00:00Z', preview: 'of a subagent', agent: 'a1' },
    { key: 'second', at: '2026-03-01T10:05:00Z', preview: 'And then?' },
    { key: 'first', at: '2026-03-01T10:00:00Z', preview: 'Please sign "them"\n\u2028now' },
  ];
  for (const prompt of prompts) await putItem(pool(), { session: 's1', kind: 'prompt', ...prompt });
  await putItem(pool(), {
    key: 'x',
    session: 's1',
    kind: 'assistant',
    at: '2026-03-01T09:59:00Z',
    preview: 'no',
  });
  await commits.seed({
    id: 'child',
    source: 'opencode',
    parentId: 's1',
    title: null,
    project: null,
    branch: null,
  });
  for (const source of ['codex', 'gemini', 'ui-test', 'push'] as const)
    await commits.seed({ id: source, source });
  const [first, second, ...others] = await all();
  expect(others).toEqual([]);
  const byId = new Map([first, second].map((each) => [each?.id, each]));
  expect(byId.get('s1')).toEqual({
    id: 's1',
    sessionId: 'native',
    title: 'Sign the webhooks',
    directory: '/home/kim/shop',
    projectPath: '/home/kim/shop',
    firstPrompt: 'Please sign "them"\n\u2028now',
    messageCount: 7,
    createdAt: Date.parse('2026-03-01T10:00:00.000Z'),
    updatedAt: Date.parse('2026-03-01T10:30:00.500Z'),
    created: '2026-03-01T10:00:00.000Z',
    modified: '2026-03-01T10:30:00.500Z',
    gitBranch: 'feat/signer',
    isSidechain: false,
  });
  expect(byId.get('child')).toMatchObject({ isSidechain: true, title: '', directory: '', firstPrompt: '' });
  expect(byId.get('child')).not.toHaveProperty('gitBranch');
});

it('is an empty list where there is nothing, and says so in its first frame', async () => {
  expect(await all()).toEqual([]);
  const client = await homePage();
  expect(framesOf(client)).toEqual([{ type: 'init', sessions: [], timestamp: expect.any(Number) as number }]);
});

it('begins with all sessions, of any number', async () => {
  const many = 2500;
  await commits.seed({ id: 'of many' });
  await pool().query(
    `insert into session (id, source, host, status, started_at, last_activity_at, messages, revision, summary, detail, registers)
     select 'n' || n, source, host, status, started_at - n % 700 * interval '1 s', last_activity_at, messages, 1, summary, detail, registers
     from session, generate_series(1, $1::int) n`,
    [many],
  );
  const client = await homePage();
  const ids = framesOf(client)[0]?.sessions.map(({ id }) => id) ?? [];
  expect(new Set(ids).size).toBe(many + 1);
  expect(ids).toHaveLength(many + 1);
  expect((await all()).map(({ id }) => id)).toEqual(ids);
});

it('says what is created, updated, completed, archived and deleted, with how the session is now', async () => {
  const client = await homePage();
  await commits.put({ id: 's1', status: 'running', title: 'A' }, { changes: { status: 'running' } });
  await eventually(() => expect(words(client)).toEqual(['session-created s1']));
  await commits.put({ id: 's1', status: 'running', title: 'B' }, { changes: { title: 'B' } });
  await eventually(() => expect(words(client)).toHaveLength(2));
  expect(framesOf(client)[2]).toMatchObject({
    type: 'session-updated',
    sessions: [{ id: 's1', title: 'B' }],
  });
  await commits.put({ id: 's1', status: 'completed', title: 'B' }, { changes: { status: 'completed' } });
  await eventually(() => expect(words(client)[2]).toBe('session-deleted s1'));
  await commits.put({ id: 's2', status: 'idle', archived: false }, {});
  await eventually(() => expect(words(client)[3]).toBe('session-created s2'));
  await commits.put({ id: 's2', status: 'idle', archived: true }, { changes: { archived: true } });
  await eventually(() => expect(words(client)[4]).toBe('session-deleted s2'));
  await commits.delete('s1');
  await eventually(() => expect(words(client)[5]).toBe('session-deleted s1'));
  await commits.put({ id: 'codex', source: 'codex' });
  await commits.put({ id: 'run@host', source: 'ui-test' });
  await commits.put({ id: 's3' }, { refetch: true });
  await eventually(() => expect(words(client)[6]).toBe('session-created s3'));
  expect(words(client)).toHaveLength(7);
});

it('finds out by itself what was in deltas that got lost, and tells of nothing else', async () => {
  for (const id of ['same', 'moved', 'over', 'gone']) await commits.seed({ id });
  const client = await homePage();
  await commits.put({ id: 'heard', title: 'A' }, { changes: { title: 'A' } });
  await eventually(() => expect(words(client)).toEqual(['session-created heard']));
  await commits.put({ id: 'new' }, { lost: true });
  await commits.put({ id: 'moved', title: 'B' }, { lost: true });
  await commits.put({ id: 'over', status: 'completed' }, { lost: true });
  await commits.delete('gone', { lost: true });
  await commits.put({ id: 'run@host', source: 'ui-test' }, { lost: true });
  const told = () =>
    framesOf(client)
      .slice(2)
      .flatMap(({ type, sessions }) => sessions.map(({ id, title }) => `${type} ${id} ${title}`));
  await eventually(() => expect(told()).toHaveLength(4));
  expect(told().sort()).toEqual([
    'session-created new Session new',
    'session-deleted gone ',
    'session-deleted over Session over',
    'session-updated moved B',
  ]);
  // And from then on they are known.
  await commits.put({ id: 'same', title: 'C' }, { lost: true });
  await eventually(() => expect(told()[4]).toBe('session-updated same C'));
  expect(told()).toHaveLength(5);
});

it('sends all sessions anew when the deltas of very many were lost', async () => {
  await commits.seed({ id: 'of many' });
  const client = await homePage();
  await pool().query(
    `insert into session (id, source, host, status, started_at, last_activity_at, revision, summary, detail, registers)
     select 'n' || n, source, host, status, started_at, last_activity_at, 1, summary, detail, registers
     from session, generate_series(1, 2501) n`,
  );
  await pool().query('update fleet set revision = revision + 2501');
  await eventually(() => expect(framesOf(client)[1]).toMatchObject({ type: 'refresh' }));
  expect(framesOf(client)[1]?.sessions).toHaveLength(2502);
  expect(framesOf(client)).toHaveLength(2);
});

it('tells later of what it could not read when it happened', async () => {
  const client = await homePage();
  const { sent, stop } = recordStatements([
    gateway.app.get<typeof gateway.connections.readModel>(READ_MODEL),
  ]);
  await pool().query('alter table item rename to item_away');
  try {
    await commits.put({ id: 's1' });
    await eventually(() => expect(sent.some(({ text }) => text.includes('s.id = any'))).toBe(true));
    expect(words(client)).toEqual([]);
  } finally {
    await pool().query('alter table item_away rename to item');
    stop();
  }
  await eventually(() => expect(words(client)).toEqual(['session-created s1']));
});

it('refreshes every home page of every replica when one asks for it', async () => {
  await commits.seed({ id: 's1' });
  const { config } = gateway.connections;
  const other = await createApplication(await connect({ ...config, natsUrl: gateway.nats.as('gateway') }));
  await other.listen(0, '127.0.0.1');
  try {
    const pages = [await homePage(), await homePage(await other.getUrl())];
    const response = await gateway.fetch('/api/claude-sessions/refresh', {
      method: 'POST',
      headers: gateway.bearer('viewer'),
    });
    expect({ status: response.status, body: await response.json() }).toEqual({
      status: 200,
      body: { success: true },
    });
    for (const page of pages) await eventually(() => expect(words(page)).toEqual(['refresh s1']));
  } finally {
    await other.close();
  }
});

it('loses nothing of what changes while the first frame is sent', async () => {
  for (let n = 0; n < 20; n++) await commits.seed({ id: `s${n}`, title: 'before' });
  const opened = homePage();
  for (let n = 0; n < 20; n++)
    await commits.put({ id: `s${n}`, title: 'after' }, { changes: { title: 'after' } });
  const client = await opened;
  await eventually(() => {
    const titles = new Map(
      framesOf(client).flatMap(({ sessions }) => sessions.map(({ id, title }) => [id, title])),
    );
    expect(titles.size).toBe(20);
    expect([...titles.values()].every((title) => title === 'after')).toBe(true);
  });
});

it('is closed to nobody and to who comes with a token in other addresses', async () => {
  expect((await gateway.fetch('/api/claude-sessions/stream')).status).toBe(401);
  expect((await gateway.fetch(`/api/claude-sessions/all?access_token=${token()}`)).status).toBe(401);
  expect((await gateway.fetch('/api/claude-sessions/refresh', { method: 'POST' })).status).toBe(401);
});
