import type { Message, Stats } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { z } from 'zod';
import { NATS, READ_MODEL } from '../connections';
import { putItem, stats } from '../testing/rows';
import { recordStatements } from '../testing/statements';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';
import { Commits } from './testing/commits';
import { nobodyListens } from './testing/nobody-listens';

/** What the stat cards' clients parse. */
const statSchema = z.strictObject({
  type: z.enum([
    'stat_update',
    'message_count_update',
    'tool_usage_update',
    'token_count_update',
    'cost_update',
  ]),
  stat_type: z.enum(['messages', 'tools', 'tokens', 'cost']),
  session_id: z.string(),
  timestamp: z.iso.datetime(),
  update: z.strictObject({
    new_value: z.number(),
    formatted_value: z.string(),
    delta: z.number(),
    animation: z.enum(['increment', 'none']),
  }),
});
const frameSchema = z.union([
  z.strictObject({ type: z.literal('connection'), status: z.literal('connected') }),
  z.strictObject({ type: z.literal('pong') }),
  statSchema,
  z.strictObject({
    type: z.literal('new_message'),
    session_id: z.string(),
    message: z.strictObject({
      uuid: z.string(),
      author: z.string(),
      timestamp: z.iso.datetime(),
      preview: z.string(),
      tool_used: z.string().optional(),
    }),
  }),
]);
type Frame = z.infer<typeof frameSchema>;

let gateway: TestGateway;
let commits: Commits;
let token: string;
const clients: Client[] = [];

beforeAll(async () => {
  gateway = await startTestGateway({ allowedOrigins: ['https://cards.example'] });
  token = gateway.bearer('viewer')['authorization']?.replace('Bearer ', '') ?? '';
});
afterAll(() => gateway.stop());
beforeEach(async () => {
  await gateway.connections.readModel.query('truncate session, item');
  commits = new Commits(gateway);
});
afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.close();
  await nobodyListens(gateway);
});

interface Client {
  readonly socket: WebSocket;
  readonly frames: Frame[];
  /** Close code; undefined while it is open. */
  code: number | undefined;
}

/** Node's own WebSocket, which sends no headers of ours: as in a browser the token is in the address. */
function connected(path: string, query = `?access_token=${token}`): Client {
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}${path}${query}`);
  const client: Client = { socket, frames: [], code: undefined };
  clients.push(client);
  socket.addEventListener('message', ({ data }) =>
    client.frames.push(frameSchema.parse(JSON.parse(String(data)))),
  );
  socket.addEventListener('close', ({ code }) => (client.code = code));
  return client;
}

const figures = (messages: number, toolCalls: number, total: number, costUsd: number | null): Stats => {
  const { tokens } = stats();
  return stats({ messages, toolCalls, tokens: { ...tokens, total }, costUsd });
};
const message = (id: string, changes: Partial<Message> = {}): Message => ({
  id,
  author: 'assistant',
  kind: 'assistant',
  at: '2026-03-01T10:10:00.000Z',
  text: `text of ${id}`,
  preview: `text of ${id}`,
  images: [],
  ...changes,
});
const updates = ({ frames }: Client) =>
  frames
    .flatMap((frame) => ('update' in frame ? [frame] : []))
    .map(({ type, stat_type, update }) => [type, stat_type, ...Object.values(update)]);
const messages = ({ frames }: Client) =>
  frames.flatMap((frame) => ('message' in frame ? [frame.message] : []));

async function shown(client: Client, count: number): Promise<void> {
  await eventually(() => expect(client.frames.length).toBeGreaterThanOrEqual(count));
}

describe('/ws/stats/:id', () => {
  it('says that it is connected, gives the four figures at once, and then what changes', async () => {
    await commits.seed({ id: 's/1', stats: figures(262, 18, 45_999, 0.45) });
    const client = connected('/ws/stats/s%2F1');
    await shown(client, 5);
    expect(client.frames[0]).toEqual({ type: 'connection', status: 'connected' });
    expect(updates(client)).toEqual([
      ['stat_update', 'messages', 262, '262', 0, 'none'],
      ['stat_update', 'tools', 18, '18', 0, 'none'],
      ['stat_update', 'tokens', 45_999, '45K', 0, 'none'],
      ['stat_update', 'cost', 0.45, '$0.45', 0, 'none'],
    ]);
    const next = figures(263, 18, 1_999_999, 0.55);
    await commits.put({ id: 's/1', stats: next }, { changes: { stats: next, messages: [message('m1')] } });
    await shown(client, 8);
    expect(updates(client).slice(4)).toEqual([
      ['stat_update', 'messages', 263, '263', 1, 'increment'],
      ['stat_update', 'tokens', 1_999_999, '1M', 1_954_000, 'increment'],
      ['stat_update', 'cost', 0.55, '$0.55', 0.1, 'increment'],
    ]);
    const less = figures(260, 18, 1_999_999, null);
    await commits.put({ id: 's/1', stats: less }, { changes: { stats: less } });
    await shown(client, 10);
    expect(updates(client).slice(7)).toEqual([
      ['stat_update', 'messages', 260, '260', -3, 'none'],
      ['stat_update', 'cost', 0, '$0.00', -0.55, 'none'],
    ]);
    expect(client.frames).toHaveLength(10);
    expect(client.frames[1]).toMatchObject({ session_id: 's/1' });
  });

  it('finds out by itself what was in deltas that got lost', async () => {
    await commits.seed({ id: 's1', stats: figures(1, 0, 0, 0) });
    const client = connected('/ws/stats/s1');
    await shown(client, 5);
    await commits.put({ id: 's1', stats: figures(2, 0, 0, 0) }, { lost: true });
    await eventually(() =>
      expect(updates(client)[4]).toEqual(['stat_update', 'messages', 2, '2', 1, 'increment']),
    );
    await commits.put({ id: 's1', stats: figures(3, 0, 0, 0) }, { lost: true });
    await commits.put({ id: 's1', stats: figures(4, 0, 0, 0) }, { changes: { title: 'x' } });
    // At once, or in two steps where revisions happened to be compared between the two.
    await eventually(() =>
      expect(updates(client).at(-1)?.slice(0, 4)).toEqual(['stat_update', 'messages', 4, '4']),
    );
    expect(
      updates(client)
        .slice(5)
        .reduce((sum, update) => sum + Number(update[4]), 0),
    ).toBe(2);
  });
});

describe('/ws/session/:id', () => {
  it('sends messages as they come, once, and the figures under their own names', async () => {
    await commits.seed({ id: 's1', stats: figures(1, 1, 1, 1) });
    await putItem(gateway.connections.readModel, {
      key: 'old',
      session: 's1',
      kind: 'prompt',
      at: '2026-03-01T10:00:00Z',
      preview: 'old',
    });
    const client = connected('/ws/session/s1');
    await shown(client, 1);
    await eventually(async () => {
      // It begins with what changes: only that shows that it listens.
      await commits.put(
        { id: 's1', stats: figures(1, 1, 1, 1) },
        { changes: { messages: [message('first')] } },
      );
      expect(messages(client).map(({ uuid }) => uuid)).toEqual(['first']);
    });
    const next = figures(2, 2, 2, 2);
    const tool = { name: 'Edit', input: '{"path":"a.ts"}', result: null, isError: false, durationMs: null };
    const changed = [
      message('old', { preview: 'changed' }),
      message('first', { preview: 'longer' }),
      message('empty', { preview: '' }),
      message('t1', { author: 'tool', kind: 'tool', preview: '', tool }),
    ];
    // In the rows as well: whoever compares revisions between commit and delta reads them there.
    const { readModel } = gateway.connections;
    const about = { session: 's1', at: '2026-03-01T10:10:00.000Z' };
    await putItem(readModel, { ...about, key: 't1', kind: 'tool', name: tool.name, input: tool.input });
    await commits.put({ id: 's1', stats: next }, { changes: { stats: next, messages: changed } });
    await eventually(() => expect(messages(client).at(-1)?.uuid).toBe('t1'));
    await putItem(readModel, { ...about, key: 'empty', kind: 'assistant', preview: 'now' });
    await commits.put(
      { id: 's1', stats: next },
      { changes: { messages: [message('empty', { preview: 'now' })] } },
    );
    await eventually(() =>
      expect(messages(client).slice(1)).toEqual([
        {
          uuid: 't1',
          author: 'tool',
          timestamp: '2026-03-01T10:10:00.000Z',
          preview: '{"path":"a.ts"}',
          tool_used: 'Edit',
        },
        { uuid: 'empty', author: 'assistant', timestamp: '2026-03-01T10:10:00.000Z', preview: 'now' },
      ]),
    );
    expect(updates(client)).toEqual([
      ['message_count_update', 'messages', 2, '2', 1, 'increment'],
      ['tool_usage_update', 'tools', 2, '2', 1, 'increment'],
      ['token_count_update', 'tokens', 2, '2', 1, 'increment'],
      ['cost_update', 'cost', 2, '$2.00', 1, 'increment'],
    ]);
  });

  it('sees figures and messages of one moment when it begins', async () => {
    await commits.seed({ id: 's1', stats: figures(1, 0, 0, 0) });
    const writer = await gateway.connections.readModel.connect();
    let count = 1;
    /** A commit of a message and its session: who reads items waits for it, and then sees both. */
    const add = async (meanwhile: () => Promise<void>) => {
      const [key, now] = [`m${++count}`, figures(count, 0, 0, 0)];
      await writer.query('begin; lock table item in access exclusive mode');
      await meanwhile();
      await writer.query(
        `insert into item (key, session_id, kind, counted, at, sequence, line, preview, parts)
         values ($1, 's1', 'prompt', true, '2026-03-01T10:01:00Z', $2, 0, $1, '[]')`,
        [key, count],
      );
      await commits.put({ id: 's1', stats: now }, { changes: { stats: now, messages: [message(key)] } });
      await writer.query('commit');
    };
    let client: Client | undefined;
    await add(async () => {
      const opened = (client = connected('/ws/session/s1'));
      await shown(opened, 1);
      const waiting = `select 1 from pg_locks where not granted and relation = 'item'::regclass`;
      await eventually(async () => expect((await writer.query(waiting)).rows).toHaveLength(1));
    });
    const viewer = client ?? connected('');
    await eventually(async () => {
      await add(() => Promise.resolve());
      expect(messages(viewer)).not.toEqual([]); // it listens
    });
    writer.release();
    await eventually(() => expect(messages(viewer).at(-1)?.uuid).toBe(`m${count}`));
    await eventually(() => expect(updates(viewer).at(-1)?.[2]).toBe(count));
    // Each message that raised the figure was said.
    const rise = updates(viewer).reduce((sum, update) => sum + Number(update[4]), 0);
    expect(messages(viewer)).toHaveLength(rise);
  });

  it('reads the messages of deltas that got lost, or were too large', async () => {
    await commits.seed({ id: 's1' });
    const client = connected('/ws/session/s1');
    await shown(client, 1);
    const add = (key: string) =>
      putItem(gateway.connections.readModel, {
        key,
        session: 's1',
        kind: 'assistant',
        at: '2026-03-01T10:01:00Z',
        preview: key,
      });
    const uuids = () => messages(client).map(({ uuid }) => uuid);
    await eventually(async () => {
      await commits.put({ id: 's1' }, { changes: { messages: [message('live')] } });
      expect(uuids()).toEqual(['live']);
    });
    await add('lost');
    await commits.put({ id: 's1' }, { lost: true });
    await eventually(() => expect(uuids()).toEqual(['live', 'lost']));
    await add('large');
    await commits.put({ id: 's1' }, { refetch: true });
    await eventually(() => expect(uuids()).toEqual(['live', 'lost', 'large']));
  });
});

describe('a socket', () => {
  it('answers pings', async () => {
    await commits.seed({ id: 's1' });
    const client = connected('/ws/session/s1');
    await shown(client, 1);
    client.socket.send('{"type":"ping"}');
    await eventually(() => expect(client.frames).toContainEqual({ type: 'pong' }));
  });

  it.each(['/ws/session/nothing', '/ws/stats/nothing'])(
    'of an unknown session is closed with 4004: %s',
    async (path) => {
      const client = connected(path);
      await eventually(() => expect(client.code).toBe(4004));
      expect(client.frames).toEqual([{ type: 'connection', status: 'connected' }]);
    },
  );

  it('is closed with 4004 when its session is deleted', async () => {
    await commits.seed({ id: 's1' });
    const client = connected('/ws/stats/s1');
    await shown(client, 5);
    await commits.delete('s1');
    await eventually(() => expect(client.code).toBe(4004));
  });

  it.each<[string, number, string | Uint8Array<ArrayBuffer>]>([
    ['binary', 1003, new Uint8Array([1, 2, 3])],
    ['no JSON', 1007, '{"type":'],
    ['too large', 1009, `{"type":"ping","x":"${'x'.repeat(5000)}"}`],
  ])('that sends what is %s is closed with %d, and nobody else', async (_, code, data) => {
    await commits.seed({ id: 's1' });
    const [bad, good] = [connected('/ws/stats/s1'), connected('/ws/stats/s1')];
    await Promise.all([shown(bad, 5), shown(good, 5)]);
    bad.socket.send(data);
    await eventually(() => expect(bad.code).toBe(code));
    good.socket.send('{"type":"ping"}');
    good.socket.send('{"type":"of no kind"}');
    good.socket.send('null');
    await eventually(() => expect(good.frames.at(-1)).toEqual({ type: 'pong' }));
    expect(good.code).toBeUndefined();
  });

  it('is asked for by NATS only while it is open', async () => {
    await commits.seed({ id: 's1' });
    const own = gateway.app.get<typeof gateway.connections.nats>(NATS);
    const heard = async () => {
      await commits.put({ id: 's1' });
      await gateway.connections.nats.flush();
      await own.flush();
      return own.stats().inMsgs;
    };
    const client = connected('/ws/stats/s1');
    await shown(client, 5);
    await eventually(async () => {
      const before = await heard();
      expect(await heard()).toBe(before + 1);
    });
    client.socket.close();
    await eventually(async () => {
      const now = await heard();
      expect(await heard()).toBe(now);
    });
  });
});

describe('who may connect', () => {
  const upgrade = async (headers: Record<string, string>, path = '/ws/stats/s1') => {
    const { request } = await import('node:http');
    return new Promise<number>((done, fail) => {
      const asked = request(`${gateway.url}${path}`, {
        headers: {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
          ...headers,
        },
      });
      asked.on('upgrade', (response, socket) => {
        socket.destroy();
        done(response.statusCode ?? 0);
      });
      asked.on('response', (response) => {
        response.resume();
        done(response.statusCode ?? 0);
      });
      asked.on('error', fail);
      asked.end();
    });
  };

  it('is who brings a good token, in any of three ways, from our own pages', async () => {
    const bearer = { authorization: `Bearer ${token}` };
    expect(await upgrade(bearer)).toBe(101);
    expect(await upgrade({ cookie: `telltale_0=${token}` })).toBe(101);
    expect(await upgrade({}, `/ws/session/s1?access_token=${token}`)).toBe(101);
    expect(await upgrade({ ...bearer, origin: gateway.url })).toBe(101);
    expect(await upgrade({ ...bearer, origin: 'https://cards.example' })).toBe(101);
    expect(await upgrade({})).toBe(401);
    expect(await upgrade({ authorization: 'Bearer x' }, `/ws/session/s1?access_token=${token}`)).toBe(401);
    expect(await upgrade({}, '/ws/session/s1?access_token=x')).toBe(401);
    expect(await upgrade({ ...bearer, origin: 'https://evil.example' })).toBe(403);
    expect(await upgrade({ cookie: `telltale_0=${token}`, origin: 'null' })).toBe(403);
    expect(await upgrade({ ...bearer, host: 'evil.example' })).toBe(421);
    for (const path of [
      '/ws',
      '/ws/',
      '/ws/other/s1',
      '/ws/stats/',
      '/ws/stats/a/b',
      '/ws/stats/%E0%A4%A',
      '/ws/stats/a%00b',
      '/elsewhere',
      // Near Socket.IO's own, which is none of these.
      '/socket.io',
      '/socket.io?EIO=4&transport=websocket',
      '/socket.iox/?EIO=4&transport=websocket',
    ])
      expect([path, await upgrade(bearer, path)]).toEqual([path, 404]);
    const pushing = await gateway.fetch('/api/admin/tokens', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...gateway.bearer('admin') },
      body: JSON.stringify({ name: 'push', scopes: ['push'] }),
    });
    const { token: pushOnly } = z.object({ token: z.string() }).parse(await pushing.json());
    expect(await upgrade({ authorization: `Bearer ${pushOnly}` })).toBe(403);
  });
});

describe('polling', () => {
  it('gives the figures of one session', async () => {
    await commits.seed({
      id: 's1',
      status: 'waiting',
      stats: figures(262, 18, 45_999, null),
      lastActivityAt: '2026-03-01T11:00:00.000Z',
    });
    expect(await gateway.get('/api/v1/analytics/session/live?session_id=s1')).toMatchObject({
      status: 200,
      body: {
        session_id: 's1',
        message_count: 262,
        tool_usage_count: 18,
        token_count: 45_999,
        cost: 0,
        last_activity: '2026-03-01T11:00:00.000Z',
        is_active: true,
      },
    });
    expect(await gateway.get('/api/v1/analytics/stats/live?session_id=s1')).toMatchObject({
      body: { total_messages: 262, total_tools: 18, total_tokens: 45_999, total_cost: 0, active_sessions: 1 },
    });
  });

  it('gives the figures of all sessions, with these fields and no others', async () => {
    await commits.seed({
      id: 's1',
      status: 'running',
      costPico: '450000000000',
      stats: figures(2, 3, 4, 0.45),
    });
    await commits.seed({ id: 's2', costPico: null, stats: figures(20, 30, 40, null) });
    const { body } = await gateway.get('/api/v1/analytics/stats/live');
    expect(body).toEqual({
      total_messages: 22,
      total_tools: 33,
      total_tokens: 44,
      total_cost: 0.45,
      active_sessions: 1,
      last_updated: '2026-03-01T11:00:00.000Z',
    });
    const { sent, stop } = recordStatements([
      gateway.app.get<typeof gateway.connections.readModel>(READ_MODEL),
    ]);
    const sums = () => sent.filter(({ text }) => text.includes('sum('));
    expect((await gateway.get('/api/v1/analytics/stats/live')).body).toEqual(body);
    expect(sums()).toEqual([]); // nothing changed
    await commits.seed({ id: 's2', costPico: null, stats: figures(21, 30, 40, null) });
    await eventually(async () =>
      expect((await gateway.get('/api/v1/analytics/stats/live')).body).toMatchObject({ total_messages: 23 }),
    );
    stop();
    const { body: one } = await gateway.get('/api/v1/analytics/session/live?session_id=s1');
    expect(Object.keys(one as object).sort()).toEqual(
      [
        'cost',
        'is_active',
        'last_activity',
        'message_count',
        'session_id',
        'token_count',
        'tool_usage_count',
      ].sort(),
    );
  });

  it('says 404 to an unknown session and 400 to what it does not know', async () => {
    expect((await gateway.get('/api/v1/analytics/session/live?session_id=nothing')).status).toBe(404);
    expect((await gateway.get('/api/v1/analytics/stats/live?session_id=nothing')).status).toBe(404);
    expect((await gateway.get('/api/v1/analytics/session/live')).status).toBe(400);
    expect((await gateway.get('/api/v1/analytics/stats/live?session=s1')).status).toBe(400);
  });
});
