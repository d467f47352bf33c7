import { liveSessionSubject, sessionRoom, type Delta } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { EventEmitter } from 'node:events';
import { Socket as TcpSocket } from 'node:net';
import { insideLive, type InsideLive } from '../testing/inside-live';
import { LiveFollower } from '../testing/live-follower';
import { pausableProxy, type PausableProxy } from '../testing/pausable-proxy';
import { putSession } from '../testing/rows';
import { adminPassword, login, startTestGateway, type TestGateway } from '../testing/test-gateway';
import type { LiveSocket } from './live-socket';
import { LostDeltas } from './lost-deltas';

// Clients that take nothing while others read. What one of them may cost stands in outgoing-buffer.ts.
const costBytes = 256 * 1024;

let gateway: TestGateway;
let inside: InsideLive;
let token: string;
let generation: string;
let way: PausableProxy;
const room = sessionRoom('s1');
let followers: LiveFollower[] = [];
const patient = { timeoutMs: 60_000 };

beforeAll(async () => {
  gateway = await startTestGateway();
  inside = insideLive(gateway);
  // Nothing gets lost here; on a slow machine a delta may be as late as one that is.
  gateway.app.get(LostDeltas).stop();
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
afterEach(async () => {
  for (const follower of followers) follower.disconnect();
  followers = [];
  way.close();
  await inside.isEmpty();
});

const revision = (n: number) => `${generation}.${n}`;
const titleOf = (n: number, length: number) => `Title ${n} ${'x'.repeat(length)}`;

/** Says so many deltas of that size, as ingest would; gives the last one's number once the gateway has heard it. */
async function say(from: number, count: number, length: number): Promise<number> {
  for (let n = from; n < from + count; n++) {
    const delta: Delta = {
      ...{ room, sessionId: 's1', from: revision(n - 1), to: revision(n), at: '2026-03-01T10:00:00.000Z' },
      changes: { title: titleOf(n, length), revision: revision(n) },
    };
    gateway.connections.nats.publish(liveSessionSubject('s1'), JSON.stringify(delta));
  }
  const last = from + count - 1;
  await inside.heard(room, revision(last));
  return last;
}

/** Followers that hold the room's snapshot. */
async function following(count: number, url: string): Promise<LiveFollower[]> {
  const made = Array.from({ length: count }, () => new LiveFollower(token, [room]));
  followers.push(...made);
  for (const follower of made) follower.connect(url);
  await eventually(() => {
    for (const follower of made) expect(follower.shown(room).revision).toBe(revision(1));
  }, patient);
  await inside.listens();
  return made;
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

/** Says deltas until these clients are behind, so many at a time: what the system itself buffers is full then. */
async function sayUntilSlow(
  clients: readonly LiveSocket[],
  { from, count, length }: { from: number; count: number; length: number },
  said: (last: number) => unknown = () => undefined,
): Promise<number> {
  let last = from - 1;
  while (!inside.areSlow(clients)) {
    expect(last * length).toBeLessThan(400 * 1024 * 1024); // no system buffers so much
    last = await say(last + 1, count, length);
    await said(last);
  }
  return last;
}

it('gets the latest state instead of every delta', async () => {
  const [slow] = await following(1, way.url);
  way.pause();
  const before = await sayUntilSlow(inside.sockets(), { from: 2, count: 10, length: 20_000 });
  expect(await slowClients()).toBe(1);
  const last = await say(before + 1, 100, 20_000);
  way.resume();
  await eventually(() => expect(slow?.shown(room).revision).toBe(revision(last)), patient);
  expect(slow?.shown(room).sessions['s1']?.title).toBe(titleOf(last, 20_000));
  // It was never told to ask again: one delta led over all it missed, and it is back.
  expect(slow?.answers).toEqual({ snapshots: 1, upToDate: 0 });
  expect(slow?.deltas.length).toBeLessThan(last - 100);
  expect(await slowClients()).toBe(0);
  const next = await say(last + 1, 1, 10);
  await eventually(() => expect(slow?.shown(room).revision).toBe(revision(next)), patient);
});

it('asks again where even that would be too much', async () => {
  const [slow] = await following(1, way.url);
  way.pause();
  const before = await sayUntilSlow(inside.sockets(), { from: 2, count: 10, length: 60_000 });
  const last = await say(before + 1, 3, 60_000); // two of that size are more than is kept for it
  await putSession(gateway.connections.readModel, { id: 's1', revision: last, title: 'as it is' });
  way.resume();
  await eventually(() => expect(slow?.answers.snapshots).toBe(2), patient);
  expect(slow?.deltas.at(-1)).toMatchObject({ refetch: true });
  expect(slow?.shown(room)).toMatchObject({
    revision: revision(last),
    sessions: { s1: { title: 'as it is' } },
  });
});

it('costs a fixed amount, harms no other, is dropped, and comes back by its revision', async () => {
  const stalled = await following(20, way.url);
  way.pause();
  const stalledSockets = inside.sockets();
  const readers = await following(10, gateway.url);
  const costs: number[] = [];
  /** Whatever is said has been read then, and so little at a time makes nobody slow who reads, however late. */
  const read = async (last: number) => {
    costs.push(Math.max(...stalledSockets.map(waitingBytes)));
    await eventually(
      () => {
        for (const reader of readers) expect(reader.shown(room).revision).toBe(revision(last));
      },
      { ...patient, everyMs: 1 },
    );
  };
  let last = await sayUntilSlow(stalledSockets, { from: 2, count: 5, length: 20_000 }, read);
  for (let round = 0; round < 100; round++) await read((last = await say(last + 1, 5, 20_000)));
  expect(Math.max(...costs)).toBeGreaterThan(0);
  expect(Math.max(...costs)).toBeLessThanOrEqual(costBytes);
  // Every delta, in order, and nothing else.
  const all = Array.from({ length: last - 1 }, (_, n) => revision(n + 2));
  for (const reader of readers) expect(reader.deltas.map(({ to }) => to)).toEqual(all);

  await putSession(gateway.connections.readModel, { id: 's1', revision: last, title: titleOf(last, 20_000) });
  await eventually(() => expect(stalledSockets.every(({ connected }) => !connected)).toBe(true), patient);
  expect(inside.sockets().length).toBe(readers.length);
  expect(await slowClients()).toBe(0);
  way.resume();
  await eventually(() => {
    for (const client of stalled) expect(client.shown(room)).toEqual(readers[0]?.shown(room));
  }, patient);
});
