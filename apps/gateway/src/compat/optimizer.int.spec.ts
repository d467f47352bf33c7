import type { Session } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { z } from 'zod';
import { NATS } from '../connections';
import { stats } from '../testing/rows';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';
import { Commits } from './testing/commits';
import { nobodyListens } from './testing/nobody-listens';

const about = { sessionId: z.string(), timestamp: z.iso.datetime() };
const tokensSchema = z.strictObject({
  input: z.number(),
  output: z.number(),
  cacheWrite5m: z.number(),
  cacheWrite1h: z.number(),
  cacheRead: z.number(),
  reasoning: z.number(),
  total: z.number(),
});
/** The optimizer dashboard's events, each with exactly these fields. */
const schemas: Record<string, z.ZodType> = {
  'session:start': z.strictObject({
    ...about,
    projectName: z.string().nullable(),
    phase: z.string().nullable(),
    model: z.string().nullable(),
    startTime: z.iso.datetime().nullable(),
    status: z.enum(['running', 'waiting', 'idle', 'completed', 'failed']).nullable(),
  }),
  'session:objective': z.strictObject({
    ...about,
    objective: z.object({ id: z.string(), text: z.string() }),
  }),
  'session:tokens': z.strictObject({ ...about, tokens: tokensSchema, cost: z.number().nullable() }),
  'session:tool': z.strictObject({ ...about, tool: z.string(), count: z.number().int() }),
  'session:complete': z.strictObject({ ...about, status: z.enum(['completed', 'failed']) }),
  'session:error': z.strictObject({ ...about, error: z.string() }),
};

let gateway: TestGateway;
let commits: Commits;
let token: string;
const clients: Socket[] = [];

beforeAll(async () => {
  gateway = await startTestGateway();
  token = gateway.bearer('viewer')['authorization']?.replace('Bearer ', '') ?? '';
});
afterAll(() => gateway.stop());
beforeEach(async () => {
  await gateway.connections.readModel.query('truncate session');
  commits = new Commits(gateway);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  await nobodyListens(gateway);
});

interface Heard {
  readonly name: string;
  readonly payload: { readonly sessionId: string; readonly [field: string]: unknown };
}

/** Connects to the address alone: no namespace, no `subscribe`. */
async function dashboard(
  options: Partial<ManagerOptions & SocketOptions> = { auth: { token } },
): Promise<{ socket: Socket; heard: Heard[] }> {
  const socket = io(gateway.url, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    ...options,
  });
  const heard: Heard[] = [];
  socket.onAny((name: string, payload: Heard['payload']) => {
    heard.push({ name, payload });
    expect(Object.keys(schemas)).toContain(name);
    schemas[name]?.parse(payload);
  });
  clients.push(socket);
  await new Promise<void>((done, fail) => {
    socket.once('connect', done);
    socket.once('connect_error', fail);
  });
  return { socket, heard };
}

/** Until what is published reaches the client. */
async function listening(heard: Heard[]): Promise<void> {
  await eventually(async () => {
    await commits.put({ id: 'probe' }, { changes: { stats: stats() } });
    expect(heard).not.toEqual([]);
  });
  // What is published before the next is heard before it.
  const tool = {
    name: 'last',
    calls: 1,
    errors: 0,
    medianMs: null,
    p95Ms: null,
    totalMs: null,
    lastAt: null,
  };
  await commits.put({ id: 'probe' }, { changes: { tools: [tool] } });
  await eventually(() => expect(heard.at(-1)?.payload['tool']).toBe('last'));
  heard.length = 0;
}

const began: Partial<Session> = {
  source: 'claude-code',
  project: { path: '/home/kim/shop', name: 'shop' },
  phase: 'plan',
  model: 'claude-opus-4-6',
  startedAt: '2026-03-01T10:00:00.000Z',
  status: 'running',
  title: 'of no interest here',
};

it('tells everybody what all sessions do, in these words and no others', async () => {
  const { heard } = await dashboard();
  await listening(heard);
  await commits.put({ id: 's1' }, { changes: began });
  const tools = [
    {
      name: 'Read',
      calls: 3,
      errors: 0,
      medianMs: 1,
      p95Ms: 1,
      totalMs: 3,
      lastAt: '2026-03-01T10:01:00.000Z',
    },
    {
      name: 'Edit',
      calls: 9,
      errors: 0,
      medianMs: 1,
      p95Ms: 1,
      totalMs: 9,
      lastAt: '2026-03-01T10:02:00.000Z',
    },
  ];
  const objective = { id: 'o1', text: 'Ship', status: 'active' as const, at: null, completedAt: null };
  await commits.put(
    { id: 's1' },
    { changes: { stats: stats({ costUsd: 0.5 }), tools, objectives: [objective], currentStep: 'Editing' } },
  );
  const errors = [{ at: null, kind: 'api_error', message: 'Overloaded' }];
  await commits.put({ id: 's1' }, { changes: { status: 'completed', errors } });
  await eventually(() => expect(heard).toHaveLength(6));
  const timestamp = '2026-03-01T12:00:00.000Z';
  expect(heard).toEqual([
    {
      name: 'session:start',
      payload: {
        sessionId: 's1',
        projectName: 'shop',
        phase: 'plan',
        model: 'claude-opus-4-6',
        startTime: '2026-03-01T10:00:00.000Z',
        status: 'running',
        timestamp,
      },
    },
    { name: 'session:objective', payload: { sessionId: 's1', objective, timestamp } },
    { name: 'session:tokens', payload: { sessionId: 's1', tokens: stats().tokens, cost: 0.5, timestamp } },
    { name: 'session:tool', payload: { sessionId: 's1', tool: 'Edit', count: 9, timestamp } },
    { name: 'session:complete', payload: { sessionId: 's1', status: 'completed', timestamp } },
    { name: 'session:error', payload: { sessionId: 's1', error: 'Overloaded', timestamp } },
  ]);
});

it('has every field at a start of which nothing is known', async () => {
  const { heard } = await dashboard();
  await listening(heard);
  await commits.put({ id: 's1' }, { changes: { project: null } });
  await eventually(() =>
    expect(heard[0]).toMatchObject({ payload: { projectName: null, model: null, status: null } }),
  );
});

it('says how sessions stand whose deltas were lost or too large', async () => {
  await commits.seed({ id: 'old' });
  const { heard } = await dashboard();
  await listening(heard);
  const next = stats({ costUsd: 7 });
  await commits.put({ id: 'old', stats: next, status: 'completed' }, { lost: true });
  await commits.put({ id: 'new', status: 'running' }, { lost: true });
  await eventually(() =>
    expect(heard.map(({ name, payload }) => `${name} ${payload.sessionId}`).sort()).toEqual([
      'session:complete old',
      'session:start new',
      'session:tokens new',
      'session:tokens old',
    ]),
  );
  heard.length = 0;
  await commits.put({ id: 'old', stats: stats({ costUsd: 8 }), status: 'completed' }, { refetch: true });
  await eventually(() => expect(heard[0]).toMatchObject({ name: 'session:tokens', payload: { cost: 8 } }));
});

it.each<[string, () => Partial<ManagerOptions & SocketOptions>]>([
  ['auth.token', () => ({ auth: { token } })],
  ['a bearer', () => ({ extraHeaders: { authorization: `Bearer ${token}` } })],
  ['?access_token=', () => ({ query: { access_token: token } })],
  ['the cookie', () => ({ extraHeaders: { cookie: `telltale_0=${token}` } })],
  ['long polling', () => ({ auth: { token }, transports: ['polling'] })],
])('is open with %s', async (_, options) => {
  expect((await dashboard(options())).socket.connected).toBe(true);
});

it('is closed to nobody, to wrong tokens and to foreign pages', async () => {
  const unauthorized = { data: { status: 401, title: 'Unauthorized' } };
  await expect(dashboard({})).rejects.toMatchObject(unauthorized);
  await expect(dashboard({ auth: { token: `${token}x` } })).rejects.toMatchObject(unauthorized);
  const extraHeaders = { origin: 'https://evil.example', cookie: `telltale_0=${token}` };
  await expect(dashboard({ extraHeaders })).rejects.toThrow();
});

it('asks NATS for deltas only while somebody is connected', async () => {
  const own = gateway.app.get<typeof gateway.connections.nats>(NATS);
  const { socket, heard } = await dashboard();
  await listening(heard);
  socket.disconnect();
  await eventually(async () => {
    const before = own.stats().inMsgs;
    await commits.put({ id: 's1' });
    await gateway.connections.nats.flush();
    await own.flush();
    expect(own.stats().inMsgs).toBe(before);
  });
});

describe('over REST', () => {
  it('sessions carry the dashboard’s own names, and a 304 stays true', async () => {
    await commits.seed({
      id: 's1',
      status: 'running',
      stats: stats({ costUsd: 0.45 }),
      startedAt: '2026-03-01T10:00:00.000Z',
      lastActivityAt: '2026-03-01T10:00:30.500Z',
    });
    const expected = {
      projectName: 'shop',
      startTime: '2026-03-01T10:00:00.000Z',
      duration: 30_500,
      cost: 0.45,
    };
    for (const path of ['/api/sessions', '/api/sessions/s1']) {
      const { body, etag } = await gateway.get(path);
      const item = path === '/api/sessions' ? (body as { items: unknown[] }).items[0] : body;
      expect(item).toMatchObject({ id: 's1', ...expected });
      const held = { headers: { ...gateway.bearer(), 'if-none-match': etag ?? '' } };
      expect((await gateway.fetch(path, held)).status).toBe(304);
      await commits.seed({ id: 's1', status: 'running', lastActivityAt: '2026-03-01T10:01:00.000Z' });
      expect((await gateway.fetch(path, held)).status).toBe(200);
      await commits.seed({
        ...{ id: 's1', status: 'running', stats: stats({ costUsd: 0.45 }) },
        lastActivityAt: '2026-03-01T10:00:30.500Z',
      });
    }
  });

  it('ends a pushed session', async () => {
    const headers = { 'content-type': 'application/json', ...gateway.bearer('admin') };
    const post = (path: string, body: object) =>
      gateway.fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
    expect((await post('/api/sessions', { session_id: 'o1' })).status).toBe(201);
    expect((await post('/api/sessions/o1/end', { status: 'completed' })).status).toBe(202);
  });
});
