import {
  liveFleetSubject,
  liveSessionSubject,
  type ClientToServerEvents,
  type Delta,
  type Message,
  type Room,
  type ServerToClientEvents,
  type SessionChanges,
  type SubscribeAck,
} from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { insideLive, type InsideLive } from '../testing/inside-live';
import { pausableProxy } from '../testing/pausable-proxy';
import { putSession, stats } from '../testing/rows';
import { adminPassword, login, startTestGateway, type TestGateway } from '../testing/test-gateway';
import { LostDeltas } from './lost-deltas';

type Client = Socket<ServerToClientEvents, ClientToServerEvents>;

let gateway: TestGateway;
let inside: InsideLive;
let token: string;
const clients: Client[] = [];
/** Compares revisions only where a test starts it: on a slow machine a delta may be as late as one that is lost. */
const lostDeltas = () => gateway.app.get(LostDeltas);
const pool = () => gateway.connections.readModel;

beforeAll(async () => {
  gateway = await startTestGateway();
  inside = insideLive(gateway);
  lostDeltas().stop();
  token = (await login(gateway.url, 'admin', adminPassword)).accessToken;
});
afterAll(() => gateway.stop());
beforeEach(() => pool().query('truncate session'));
afterEach(async () => {
  lostDeltas().stop();
  for (const client of clients.splice(0)) client.disconnect();
  await inside.isEmpty();
});

async function connected(
  options: Partial<ManagerOptions & SocketOptions> = { auth: { token } },
  url = gateway.url,
): Promise<Client> {
  const client: Client = io(`${url}/live`, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    ...options,
  });
  clients.push(client);
  await new Promise<void>((done, fail) => {
    client.once('connect', done);
    client.once('connect_error', fail);
  });
  return client;
}

async function subscribe(client: Client, room: Room, revision?: string): Promise<SubscribeAck> {
  const request = { room, ...(revision === undefined ? {} : { revision }) };
  const answer = await client.timeout(30_000).emitWithAck('subscribe', request);
  await inside.listens();
  return answer;
}

function deltasOf(client: Client): Delta[] {
  const heard: Delta[] = [];
  client.on('delta', (delta) => heard.push(delta));
  return heard;
}

/** As ingest does it: commit, then publish. */
async function commit(id: string, n: number, changes: SessionChanges = {}): Promise<Delta> {
  await putSession(pool(), { id, revision: n, title: `Title ${n}` });
  return publish(id, n, changes);
}

async function generation(): Promise<string> {
  const { rows } = await pool().query<{ id: string }>('select id from generation');
  return rows[0]?.id ?? '';
}

async function publish(id: string, n: number, changes: SessionChanges = {}): Promise<Delta> {
  const g = await generation();
  const delta: Delta = {
    room: `session:${id}`,
    sessionId: id,
    from: n === 1 ? null : `${g}.${n - 1}`,
    to: `${g}.${n}`,
    at: '2026-03-01T10:00:00.000Z',
    changes: { title: `Title ${n}`, ...changes },
    trace: { seen: Date.now(), committed: Date.now(), emitted: 0 },
  };
  gateway.connections.nats.publish(liveSessionSubject(id), JSON.stringify(delta));
  return delta;
}

describe('connecting', () => {
  it.each<[string, () => Partial<ManagerOptions & SocketOptions>]>([
    ['auth.token', () => ({ auth: { token } })],
    ['a bearer', () => ({ extraHeaders: { authorization: `Bearer ${token}` } })],
    ['?access_token=', () => ({ query: { access_token: token } })],
    ['the cookie', () => ({ extraHeaders: { cookie: `telltale_0=${token}` } })],
    ['long polling', () => ({ auth: { token }, transports: ['polling'] })],
  ])('is open with %s', async (_, options) => {
    expect((await connected(options())).connected).toBe(true);
  });

  it.each<[string, () => Partial<ManagerOptions & SocketOptions>]>([
    ['nothing', () => ({})],
    ['a wrong token', () => ({ auth: { token: `${token}x` } })],
  ])('is closed with %s', async (_, options) => {
    await expect(connected(options())).rejects.toMatchObject({
      data: { status: 401, title: 'Unauthorized' },
    });
  });

  it('is closed to pages of foreign origins, whatever they bring', async () => {
    const extraHeaders = { origin: 'https://evil.example', cookie: `telltale_0=${token}` };
    await expect(connected({ extraHeaders })).rejects.toThrow();
    await expect(
      connected({ extraHeaders: { ...extraHeaders, origin: gateway.url } }),
    ).resolves.toBeDefined();
  });
});

describe('a session room', () => {
  it('begins with a snapshot and goes on with deltas that lead from it', async () => {
    await putSession(pool(), { id: 's/1', revision: 3, title: 'Title 3' });
    const client = await connected();
    const deltas = deltasOf(client);
    const ack = await subscribe(client, 'session:s/1');
    expect(ack).toMatchObject({
      revision: `${await generation()}.3`,
      snapshot: { id: 's/1', title: 'Title 3', tools: [] },
    });
    await commit('s/1', 4);
    await commit('s/1', 5);
    await eventually(() => expect(deltas.map(({ to }) => to.split('.')[1])).toEqual(['4', '5']));
    expect(deltas[0]).toMatchObject({
      from: 'revision' in ack ? ack.revision : '',
      changes: { title: 'Title 4' },
    });
    expect(deltas[0]?.trace?.emitted).toBeGreaterThanOrEqual(deltas[0]?.trace?.committed ?? Infinity);
  });

  it('says upToDate to who holds the current revision, and still sends what comes', async () => {
    await putSession(pool(), { id: 's1', revision: 3 });
    const client = await connected();
    const deltas = deltasOf(client);
    const held = `${await generation()}.3`;
    expect(await subscribe(client, 'session:s1', held)).toEqual({ revision: held, upToDate: true });
    expect(await subscribe(client, 'session:s1', `${await generation()}.2`)).toHaveProperty('snapshot');
    await commit('s1', 4);
    await eventually(() => expect(deltas).toHaveLength(1));
  });

  it('loses nothing between snapshot and deltas, however fast they come', async () => {
    await putSession(pool(), { id: 's1', revision: 1 });
    const client = await connected();
    const follower = new Follower();
    const join = () =>
      new Promise<void>((done) => {
        client.emit('subscribe', { room: 'session:s1' }, (ack) => {
          follower.snapshot('revision' in ack ? ack.revision : '');
          done();
        });
      });
    // Where the machine was so slow that a delta was taken for lost, it is told to ask again.
    client.on('delta', (delta) => (delta.refetch ? void join() : follower.delta(delta)));
    lostDeltas().start();
    const last = 80;
    const writing = (async () => {
      for (let n = 2; n <= last; n++) await commit('s1', n);
    })();
    for (let round = 0; round < 8; round++) await join();
    await writing;
    await eventually(async () => expect(follower.revision).toBe(`${await generation()}.${last}`));
    expect(follower.gaps).toBe(0);
    expect(follower.followed).toBeGreaterThan(0);
  });

  it('asks again by itself when a delta was lost', async () => {
    await putSession(pool(), { id: 's1', revision: 1 });
    const client = await connected();
    const deltas = deltasOf(client);
    await subscribe(client, 'session:s1');
    lostDeltas().start();
    await putSession(pool(), { id: 's1', revision: 2 }); // committed, never published
    const g = await generation();
    await eventually(() =>
      expect(deltas).toMatchObject([{ refetch: true, room: 'session:s1', from: `${g}.1`, to: `${g}.2` }]),
    );
    await commit('s1', 3);
    await eventually(() => expect(deltas.at(-1)).toMatchObject({ changes: { title: 'Title 3' } }));
  });

  it('is silent after unsubscribe', async () => {
    await putSession(pool(), { id: 's1', revision: 1 });
    const [client, other] = [await connected(), await connected()];
    const [deltas, others] = [deltasOf(client), deltasOf(other)];
    await subscribe(client, 'session:s1');
    await subscribe(other, 'session:s1');
    const unsubscribe = () => client.timeout(30_000).emitWithAck('unsubscribe', { room: 'session:s1' });
    expect(await unsubscribe()).toEqual({ room: 'session:s1' });
    await commit('s1', 2);
    await eventually(() => expect(others).toHaveLength(1));
    await unsubscribe(); // its answer comes after whatever was sent before
    expect(deltas).toEqual([]);
  });

  it('does not exist for an unknown session, nor under another name', async () => {
    const client = await connected();
    expect(await subscribe(client, 'session:nobody')).toMatchObject({ error: { status: 404 } });
    expect(await subscribe(client, 'kitchen' as Room)).toMatchObject({ error: { status: 400 } });
  });
});

describe('the fleet room', () => {
  it('has the first page of the list for its snapshot, under the revision of the deltas', async () => {
    await putSession(pool(), { id: 's1', lastActivityAt: '2026-03-01T10:00:00Z' });
    await putSession(pool(), { id: 's2', lastActivityAt: '2026-03-01T11:00:00Z' });
    const client = await connected();
    const deltas = deltasOf(client);
    const ack = await subscribe(client, 'fleet');
    if (!('snapshot' in ack) || !('items' in ack.snapshot)) throw new Error('no snapshot');
    expect(ack.snapshot.items.map(({ id }) => id)).toEqual(['s2', 's1']);
    expect(ack.snapshot.revision).toBe(ack.revision);
    const [g = '', n = ''] = ack.revision.split('.');
    await pool().query('update fleet set revision = revision + 1');
    const delta = {
      room: 'fleet',
      sessionId: 's1',
      from: ack.revision,
      to: `${g}.${Number(n) + 1}`,
      at: '',
      changes: { status: 'idle' },
    };
    gateway.connections.nats.publish(liveFleetSubject, JSON.stringify(delta));
    await eventually(() => expect(deltas).toEqual([delta]));
  });
});

describe("the earlier systems' events", () => {
  const message: Message = {
    id: 'm:1',
    author: 'assistant',
    kind: 'assistant',
    at: null,
    text: 'x',
    preview: 'x',
    images: [],
  };
  const tool = (name: string, calls: number, lastAt: string) => ({
    name,
    calls,
    errors: 0,
    medianMs: null,
    p95Ms: null,
    totalMs: null,
    lastAt,
  });

  async function heardBy(client: Client): Promise<[string, unknown][]> {
    const heard: [string, unknown][] = [];
    client.onAny((name: string, payload: unknown) => heard.push([name, payload]));
    return heard;
  }

  it('come beside the deltas: of every session to the fleet, of one to its own room', async () => {
    await putSession(pool(), { id: 's1' });
    const [fleet, own, plain] = [
      await connected(),
      await connected(),
      await connected({ auth: { token, events: 'delta' } }),
    ];
    const [toFleet, toOwn, toPlain] = await Promise.all([fleet, own, plain].map(heardBy));
    await subscribe(fleet, 'fleet');
    await subscribe(own, 'session:s1');
    await subscribe(plain, 'session:s1');
    await commit('s1', 2, {
      stats: stats({ costUsd: 0.5 }),
      tools: [tool('Bash', 4, '2026-03-01T10:00:00Z'), tool('Read', 2, '2026-03-01T09:00:00Z')],
      messages: [message],
    });
    const names = (heard: [string, unknown][] | undefined) => (heard ?? []).map(([name]) => name);
    const both = ['session:update', 'session:tokens', 'session:tool'];
    await eventually(() =>
      expect([...new Set(names(toOwn))].sort()).toEqual(
        [...both, 'delta', 'new_message', 'stat_update'].sort(),
      ),
    );
    await eventually(() => expect(names(toFleet)).toEqual(both));
    expect(toFleet?.[2]?.[1]).toEqual({
      sessionId: 's1',
      timestamp: '2026-03-01T10:00:00.000Z',
      tool: 'Bash',
      count: 4,
    });
    expect(names(toPlain)).toEqual(['delta']);
  });
});

describe('the figures of the stat cards', () => {
  const updates = (client: Client) => {
    const heard: unknown[] = [];
    client.on('stat_update', ({ stat_type, update }) =>
      heard.push([stat_type, update.delta, update.animation]),
    );
    return heard;
  };

  it('are counted from what the answer said, and what did not change is not told', async () => {
    await putSession(pool(), { id: 's1', stats: stats({ messages: 4, costUsd: 0.25 }) });
    const [first, second] = [await connected(), await connected()];
    const [toFirst, toSecond] = [updates(first), updates(second)];
    await subscribe(first, 'session:s1');
    await commit('s1', 2, { stats: stats({ messages: 5, costUsd: 0.25 }) });
    await eventually(() => expect(toFirst).toEqual([['messages', 1, 'increment']]));
    await subscribe(second, 'session:s1');
    await commit('s1', 3, { stats: stats({ messages: 5, costUsd: 0.75 }) });
    for (const heard of [toFirst, toSecond]) {
      await eventually(() => expect(heard.at(-1)).toEqual(['cost', 0.5, 'increment']));
    }
    expect(toSecond).toHaveLength(1);
  });
});

describe('a client that takes nothing', () => {
  it('does not grow the gateway, and asks again when it is back', async () => {
    await putSession(pool(), { id: 's1', revision: 1 });
    const proxy = await pausableProxy(gateway.url);
    const client = await connected({ auth: { token, events: 'delta' } }, proxy.url);
    const deltas = deltasOf(client);
    await subscribe(client, 'session:s1');
    const revision = async (n: number) => `${await generation()}.${n}`;
    const title = 'x'.repeat(60_000);
    let last = 1;
    const say = async (count: number) => {
      for (const end = last + count; last < end;) await publish('s1', ++last, { title });
      await inside.heard('session:s1', await revision(last));
    };
    proxy.pause();
    // What the system itself buffers is full then, however much that is.
    for (const stalled = inside.sockets(); !inside.areSlow(stalled); await say(10))
      expect(last).toBeLessThan(5000);
    await say(3); // two of that size are more than is kept for it
    proxy.resume();
    const end = await revision(last);
    await eventually(() => expect(deltas.at(-1)).toMatchObject({ refetch: true, to: end }), {
      timeoutMs: 60_000,
    });
    expect(deltas.length).toBeLessThan(last - 1);
    await putSession(pool(), { id: 's1', revision: last });
    expect(await subscribe(client, 'session:s1')).toMatchObject({ snapshot: { id: 's1' } });
    await commit('s1', last + 1);
    await eventually(() => expect(deltas.at(-1)).toMatchObject({ changes: { title: `Title ${last + 1}` } }));
    proxy.close();
  });
});

/** What a client does with what it hears: it goes on from the snapshot, delta by delta. */
class Follower {
  revision = '';
  gaps = 0;
  followed = 0;

  snapshot(revision: string): void {
    this.revision = revision;
  }

  delta({ from, to }: Delta): void {
    if (this.revision === '' || number(to) <= number(this.revision)) return;
    if (from === this.revision) this.followed++;
    else this.gaps++;
    this.revision = to;
  }
}

function number(revision: string): number {
  return Number(revision.split('.').at(-1));
}
