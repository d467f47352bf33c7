import { liveSessionSubject, sessionRoom, type Delta } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { EventEmitter } from 'node:events';
import { Socket as TcpSocket } from 'node:net';
import { LiveFollower } from '../testing/live-follower';
import { pausableProxy, type PausableProxy } from '../testing/pausable-proxy';
import { putSession } from '../testing/rows';
import { adminPassword, login, startTestGateway, type TestGateway } from '../testing/test-gateway';
import { LiveGateway } from './live.gateway';
import type { LiveNamespace, LiveSocket } from './live-socket';

// Clients that take nothing while others read. What one of them may cost stands in outgoing-buffer.ts.
const costBytes = 256 * 1024;

let gateway: TestGateway;
let token: string;
let generation: string;
let way: PausableProxy;
const room = sessionRoom('s1');
let followers: LiveFollower[] = [];

beforeAll(async () => {
  gateway = await startTestGateway();
  token = (await login(gateway.url, 'admin', adminPassword)).accessToken;
  const { rows } = await gateway.connections.readModel.query<{ id: string }>('select id from generation');
  generation = rows[0]?.id ?? '';
});
afterAll(() => gateway.stop());
beforeEach(async () => {
  await gateway.connections.readModel.query('truncate session');
  await putSession(gateway.connections.readModel, { id: 's1', revision: 1, title: 'Title 1' });
  way = await pausableProxy(gateway.url);
});
afterEach(() => {
  for (const follower of followers) follower.disconnect();
  followers = [];
  way.close();
});

const revision = (n: number) => `${generation}.${n}`;
const titleOf = (n: number, length: number) => `Title ${n} ${'x'.repeat(length)}`;

/** Says so many deltas of that size, as ingest would; gives the last one's number. */
async function say(from: number, count: number, length: number): Promise<number> {
  for (let n = from; n < from + count; n++) {
    const delta: Delta = {
      ...{ room, sessionId: 's1', from: revision(n - 1), to: revision(n), at: '2026-03-01T10:00:00.000Z' },
      changes: { title: titleOf(n, length), revision: revision(n) },
    };
    gateway.connections.nats.publish(liveSessionSubject('s1'), JSON.stringify(delta));
  }
  await gateway.connections.nats.flush();
  return from + count - 1;
}

/** Followers that hold the room's snapshot. */
async function following(count: number, url: string): Promise<LiveFollower[]> {
  const made = Array.from({ length: count }, () => new LiveFollower(token, [room]));
  followers.push(...made);
  for (const follower of made) follower.connect(url);
  await eventually(() => {
    for (const follower of made) expect(follower.shown(room).revision).toBe(revision(1));
  });
  return made;
}

function sockets(): readonly LiveSocket[] {
  const namespace = Reflect.get(gateway.app.get(LiveGateway), 'sockets') as LiveNamespace;
  return [...namespace.sockets.values()];
}

/** What waits for a client, as Node and Engine.IO say, not we: in the TCP socket, and before it. */
function waitingBytes({ conn }: LiveSocket): number {
  const webSocket: unknown = Reflect.get(conn.transport, 'socket');
  const tcp: unknown = webSocket instanceof EventEmitter ? Reflect.get(webSocket, '_socket') : undefined;
  const packets = Reflect.get(conn, 'writeBuffer') as readonly { data?: string }[];
  const before = packets.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
  return before + (tcp instanceof TcpSocket ? tcp.writableLength : 0);
}

async function slowClients(): Promise<number> {
  const response = await gateway.fetch('/metrics', { headers: gateway.bearer('admin') });
  return Number(/^telltale_live_slow_clients\S* (\d+)/m.exec(await response.text())?.[1]);
}

/** Says deltas until so many clients are behind: what the system itself buffers is full then. */
async function sayUntilSlow(count: number, from: number, length: number): Promise<number> {
  let n = from - 1;
  await eventually(
    async () => {
      n = await say(n + 1, 50, length);
      expect(await slowClients()).toBe(count);
    },
    { timeoutMs: 60_000, everyMs: 1 },
  );
  return n;
}

it('gets the latest state instead of every delta', async () => {
  const [slow] = await following(1, way.url);
  way.pause();
  const before = await sayUntilSlow(1, 2, 20_000);
  const last = await say(before + 1, 300, 20_000);
  way.resume();
  await eventually(() => expect(slow?.shown(room).revision).toBe(revision(last)));
  expect(slow?.shown(room).sessions['s1']?.title).toBe(titleOf(last, 20_000));
  // It was never told to ask again: one delta led over all it missed, and it is back.
  expect(slow?.answers).toEqual({ snapshots: 1, upToDate: 0 });
  expect(slow?.deltas.length).toBeLessThan(last - 300);
  expect(await slowClients()).toBe(0);
  const next = await say(last + 1, 1, 10);
  await eventually(() => expect(slow?.shown(room).revision).toBe(revision(next)));
});

it('asks again where even that would be too much', async () => {
  const [slow] = await following(1, way.url);
  way.pause();
  const last = await sayUntilSlow(1, 2, 60_000);
  await putSession(gateway.connections.readModel, { id: 's1', revision: last, title: 'as it is' });
  way.resume();
  await eventually(() => expect(slow?.answers.snapshots).toBe(2));
  expect(slow?.deltas.at(-1)).toMatchObject({ refetch: true });
  expect(slow?.shown(room)).toMatchObject({
    revision: revision(last),
    sessions: { s1: { title: 'as it is' } },
  });
});

it('costs a fixed amount, harms no other, is dropped, and comes back by its revision', async () => {
  const stalled = await following(20, way.url);
  way.pause();
  const stalledSockets = sockets();
  const readers = await following(10, gateway.url);
  const cost = () => Math.max(...stalledSockets.map(waitingBytes));
  let last = await sayUntilSlow(stalled.length, 2, 20_000);
  expect(cost()).toBeGreaterThan(0);
  for (let round = 0; round < 10; round++) {
    last = await say(last + 1, 50, 20_000);
    await eventually(() => {
      for (const reader of readers) expect(reader.shown(room).revision).toBe(revision(last));
    });
    expect(cost()).toBeLessThanOrEqual(costBytes);
  }
  // Every delta, in order, and nothing else.
  const all = Array.from({ length: last - 1 }, (_, n) => revision(n + 2));
  for (const reader of readers) expect(reader.deltas.map(({ to }) => to)).toEqual(all);

  await putSession(gateway.connections.readModel, { id: 's1', revision: last, title: titleOf(last, 20_000) });
  await eventually(() => expect(stalledSockets.every(({ connected }) => !connected)).toBe(true), {
    timeoutMs: 30_000,
  });
  expect(sockets()).toHaveLength(readers.length);
  expect(await slowClients()).toBe(0);
  way.resume();
  await eventually(() => {
    for (const client of stalled) expect(client.shown(room)).toEqual(readers[0]?.shown(room));
  });
});
