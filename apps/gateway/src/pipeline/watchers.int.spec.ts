import 'reflect-metadata';
import type { NatsConnection } from '@nats-io/transport-node';
import { watcherHeartbeatSubject, type Pipeline, type WatcherHeartbeat } from '@telltale/contracts';
import { connectNats, createLogger } from '@telltale/platform';
import {
  eventually,
  startTestNats,
  startTestPostgres,
  type TestNats,
  type TestPostgres,
} from '@telltale/platform/testing';
import { DataSource } from 'typeorm';
import { controlDatabase, migrateControl } from '../database/control-database';
import { Watchers } from './watchers';
import { WatcherStore } from './watcher-store';

const logger = createLogger('test', { level: 'error', write: (line) => void process.stderr.write(line) });
const second = 1000;
const day = 86_400 * second;

let nats: TestNats;
let postgres: TestPostgres;
let connection: NatsConnection;
let database: DataSource;
/** Of all replicas. */
let now = Date.parse('2026-03-01T10:00:00Z');
const running = new Set<Watchers>();

beforeAll(async () => {
  [nats, postgres] = await Promise.all([startTestNats(), startTestPostgres()]);
  connection = await connectNats({ url: nats.url, name: 'watchers-test' });
});
beforeEach(async () => {
  const url = await postgres.createDatabase();
  await migrateControl(url, logger);
  database = await new DataSource(controlDatabase(url, logger)).initialize();
});
afterEach(async () => {
  await Promise.all([...running].map(end));
  await database.destroy();
});
afterAll(async () => {
  await connection.close();
  await Promise.all([nats.stop(), postgres.stop()]);
});

/** A replica of the gateway, as far as watchers go. */
function replica(): Watchers {
  const watchers = new Watchers(connection, logger, () => now, new WatcherStore(database));
  watchers.onApplicationBootstrap();
  // Tidies when told to alone: its own clock is not ours, and might find a watcher silent that speaks in a moment.
  clearInterval(Reflect.get(watchers, 'timer') as NodeJS.Timeout);
  running.add(watchers);
  return watchers;
}

async function end(watchers: Watchers): Promise<void> {
  running.delete(watchers);
  await watchers.beforeApplicationShutdown();
}

const roots = [{ source: 'claude-code', path: '/home/kim/.claude', present: true }];
function say(changes: Partial<WatcherHeartbeat> = {}, subject?: string): void {
  const said: WatcherHeartbeat = {
    host: 'atlas',
    version: '0.1.0',
    pid: 1,
    startedAt: '2026-03-01T10:00:00.000Z',
    roots,
    files: 1,
    bytesBehind: 0,
    backfill: { totalBytes: 100, doneBytes: 100, done: true },
    at: '2026-03-01T10:00:00.000Z',
    ...changes,
  };
  connection.publish(subject ?? watcherHeartbeatSubject(said.host), JSON.stringify(said));
}

const one = async (watchers: Watchers): Promise<Pipeline['watchers'][number] | undefined> =>
  (await watchers.list()).find(({ host }) => host === 'atlas');
/** Says it and waits until it was heard. */
async function heard(by: readonly Watchers[], files: number): Promise<void> {
  say({ files });
  for (const watchers of by)
    await eventually(async () => expect(await one(watchers)).toMatchObject({ files, silent: false }));
}
const kept = async () => (await new WatcherStore(database).all()).get('atlas');

it('shows a watcher that went silent with what it said last, by every replica and after restarts', async () => {
  const [first, other] = [replica(), replica()];
  await heard([first, other], 2);
  await first.tidy();
  now += 2 * second;
  await heard([first, other], 3);
  const lastSeenAt = new Date(now).toISOString();
  const last = { host: 'atlas', version: '0.1.0', roots, files: 3, lastSeenAt };
  now += 11 * second;
  for (const watchers of [first, other]) {
    await watchers.tidy();
    expect(await watchers.list()).toEqual([expect.objectContaining({ ...last, silent: true })]);
  }
  await end(first);
  await end(other);
  now += 3 * day;
  expect(await replica().list()).toEqual([expect.objectContaining({ ...last, silent: true })]);
});

it('takes no watcher for silent that a gateway which just started has not heard yet', async () => {
  const before = replica();
  await heard([before], 3);
  await end(before);
  now += 5 * second;
  const after = replica();
  now += 9 * second;
  expect(await one(after)).toMatchObject({ files: 3, silent: false });
  now += 2 * second;
  expect(await one(after)).toMatchObject({ files: 3, silent: true });
  await heard([after], 4);
});

it('writes a living watcher down every half a minute, and its last word', async () => {
  const [watchers, other] = [replica(), replica()];
  const tidy = () => Promise.all([watchers.tidy(), other.tidy()]);
  await heard([watchers, other], 1);
  await tidy();
  now += 20 * second;
  await heard([watchers, other], 2);
  await tidy();
  expect((await kept())?.heartbeat.files).toBe(1);
  now += 11 * second;
  await heard([watchers, other], 3);
  await tidy();
  expect((await kept())?.heartbeat.files).toBe(3);
  now += 2 * second;
  await heard([watchers, other], 4);
  await tidy();
  expect((await kept())?.heartbeat.files).toBe(3);
  now += 11 * second;
  await tidy();
  expect((await kept())?.heartbeat.files).toBe(4);
});

it('forgets a silent host for good when told to, by every replica; one that speaks again is back', async () => {
  const [first, other] = [replica(), replica()];
  await heard([first, other], 3);
  await first.tidy();
  expect(first.lives('atlas')).toBe(true);
  now += 11 * second;
  expect(first.lives('atlas')).toBe(false);
  expect(await first.forget('atlas')).toBe(true);
  expect(await first.forget('atlas')).toBe(false);
  for (const watchers of [first, other]) {
    await watchers.tidy();
    expect(await watchers.list()).toEqual([]);
  }
  await heard([first, other], 5);
});

it('forgets a host that was silent for 30 days', async () => {
  const watchers = replica();
  await heard([watchers], 3);
  await watchers.tidy();
  now += 30 * day;
  await watchers.tidy();
  expect(await watchers.list()).toHaveLength(1);
  now += second;
  await watchers.tidy();
  expect(await watchers.list()).toEqual([]);
  expect(await kept()).toBeUndefined();
});

it('believes a heartbeat only on the subject of its host', async () => {
  const watchers = replica();
  say({ host: 'atlas' }, watcherHeartbeatSubject('boreas'));
  connection.publish(watcherHeartbeatSubject('boreas'), 'no JSON');
  say({ host: 'boreas' });
  await eventually(async () => expect((await watchers.list()).map(({ host }) => host)).toEqual(['boreas']));
});
