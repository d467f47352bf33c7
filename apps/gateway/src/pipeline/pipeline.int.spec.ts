import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  ingestStatusPattern,
  pipelineSchema,
  watcherHeartbeatSubject,
  type Pipeline,
  type ServiceStatus,
  type WatcherHeartbeat,
} from '@telltale/contracts';
import { connectNats } from '@telltale/platform';
import { eventually } from '@telltale/platform/testing';
import { putItem, putSession } from '../testing/rows';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';

let gateway: TestGateway;
let other: NatsConnection;

beforeAll(async () => {
  gateway = await startTestGateway();
  other = await connectNats({ url: gateway.nats.url, name: 'pipeline-test' });
});
afterAll(async () => {
  await other.close();
  await gateway.stop();
});

const pipeline = async (): Promise<Pipeline> =>
  pipelineSchema.parse((await gateway.get('/api/pipeline')).body);

const heartbeat = (changes: Partial<WatcherHeartbeat> = {}): WatcherHeartbeat => ({
  host: 'atlas',
  version: '0.1.0',
  pid: 1,
  startedAt: '2026-03-01T10:00:00.000Z',
  roots: [{ source: 'claude-code', path: '/home/kim/.claude', present: true }],
  files: 3,
  bytesBehind: 0,
  backfill: { totalBytes: 100, doneBytes: 100, done: true },
  at: '2026-03-01T10:00:00.000Z',
  ...changes,
});
const say = (said: WatcherHeartbeat) =>
  other.publish(watcherHeartbeatSubject(said.host), JSON.stringify(said));

/** An ingest replica, in the words of Nest's NATS transport. */
function answerAs(instance: string, p99: number): void {
  const status: ServiceStatus = {
    name: 'ingest',
    instance,
    version: '0.1.0',
    startedAt: '2026-03-01T10:00:00.000Z',
    pid: 1,
    rssBytes: 1,
    rates: { factsPerS: 10, bytesPerS: 100, deltasPerS: 1 },
    latencyMs: {
      appendToFact: { p50: 1, p99 },
      factToCommit: { p50: null, p99: null },
      commitToEmit: { p50: 1, p99: 1 },
      appendToEmit: { p50: 3, p99: 4 },
    },
  };
  other.subscribe(ingestStatusPattern, {
    callback: (_, message) => {
      const { id } = message.json<{ id: string }>();
      message.respond(JSON.stringify({ id, response: status, isDisposed: true }));
    },
  });
}

it('counts what is in the log and not yet projected, partition by partition', async () => {
  const js = jetstream(gateway.connections.nats);
  const publish = async (partition: number) =>
    (await js.publish(`telltale.facts.${partition}.claude-code.atlas.00`, 'x')).seq;
  const first = await publish(3);
  for (const partition of [3, 4, 3]) await publish(partition);
  const lagging = await eventually(async () => {
    const { partitions, caughtUp, storage } = await pipeline();
    expect(partitions).toHaveLength(16);
    expect([3, 4, 5].map((n) => partitions[n]?.lag)).toEqual([3, 1, 0]);
    return { caughtUp, storage };
  });
  expect(lagging.caughtUp).toBe(false);
  expect(lagging.storage.log).toBeGreaterThan(0);
  expect(lagging.storage.database).toBeGreaterThan(0);

  await gateway.connections.readModel.query(
    `update checkpoint set sequence = $1, owner = 'ingest-1', expires_at = now() + interval '1 minute' where partition = 3`,
    [first],
  );
  await eventually(async () => {
    expect((await pipeline()).partitions[3]).toEqual({
      partition: 3,
      owner: 'ingest-1',
      sequence: first,
      lag: 2,
    });
  });
});

it('is caught up once the watchers have published everything and all of it is projected', async () => {
  await gateway.connections.readModel.query('update checkpoint set sequence = 1000000');
  say(heartbeat({ bytesBehind: 5 }));
  await eventually(async () => {
    const { watchers, caughtUp } = await pipeline();
    expect(watchers).toMatchObject([
      { host: 'atlas', files: 3, bytesBehind: 5, lastSeenAt: expect.any(String) },
    ]);
    expect(caughtUp).toBe(false);
  });
  say(heartbeat());
  await eventually(async () => expect((await pipeline()).caughtUp).toBe(true));
  say(heartbeat({ bytesBehind: 7 }));
  await eventually(async () => expect((await pipeline()).caughtUp).toBe(false));
  say(heartbeat({ bytesBehind: 7 })); // half a line, that nobody goes on writing
  await eventually(async () => expect((await pipeline()).caughtUp).toBe(true));
  say(heartbeat({ host: 'boreas', backfill: { totalBytes: 9, doneBytes: 1, done: false } }));
  await eventually(async () => {
    const { watchers, caughtUp } = await pipeline();
    expect(watchers.map(({ host }) => host)).toEqual(['atlas', 'boreas']);
    expect(caughtUp).toBe(false);
  });
});

it('hears every replica, adds their rates and shows the slowest', async () => {
  expect((await pipeline()).services.map(({ name }) => name)).toEqual(['gateway']);
  answerAs('ingest-a', 5);
  answerAs('ingest-b', 7);
  await eventually(async () => {
    const { services, rates, latencyMs } = await pipeline();
    expect(services.map(({ instance }) => instance).slice(1)).toEqual(['ingest-a', 'ingest-b']);
    expect(rates).toEqual({ factsPerS: 20, bytesPerS: 200, deltasPerS: 2 });
    expect(latencyMs.appendToFact).toEqual({ p50: 1, p99: 7 });
    expect(latencyMs.factToCommit).toEqual({ p50: null, p99: null });
  });
});

it('tells how much is in quarantine', async () => {
  await gateway.connections.readModel.query(
    `insert into quarantine (sequence, line, file, source, host, path, reason, excerpt) values (1, 0, 'f', 's', 'h', 'p', 'r', 'e')`,
  );
  await eventually(async () => expect((await pipeline()).quarantined).toBe(1));
});

it('lists a silent host until an administrator removes it; one that lives stays', async () => {
  const remove = async (host: string, role: 'admin' | 'viewer' = 'admin') =>
    (
      await gateway.fetch(`/api/admin/hosts/${encodeURIComponent(host)}`, {
        method: 'DELETE',
        headers: gateway.bearer(role),
      })
    ).status;
  const said = heartbeat({ host: 'gone/away' });
  await gateway.control.query(
    `insert into watcher (host, heartbeat, last_seen_at) values ($1, $2, now() - interval '1 hour')`,
    [said.host, JSON.stringify(said)],
  );
  say(heartbeat());
  const hosts = async () => (await pipeline()).watchers.map(({ host, silent }) => ({ host, silent }));
  await eventually(async () => {
    expect(await hosts()).toContainEqual({ host: 'atlas', silent: false });
    expect(await hosts()).toContainEqual({ host: 'gone/away', silent: true });
  });
  expect(await remove('gone/away', 'viewer')).toBe(403);
  await eventually(async () => {
    say(heartbeat()); // however long that took
    expect(await remove('atlas')).toBe(409);
  });
  expect(await remove('gone/away')).toBe(204);
  expect(await remove('gone/away')).toBe(404);
  await eventually(async () => expect(await hosts()).not.toContainEqual({ host: 'gone/away', silent: true }));
});

it('tells how far the search is behind, and what is left to do of deletions', async () => {
  const { readModel } = gateway.connections;
  const told = async () => {
    const { search, deletions } = await pipeline();
    return { behind: search.behind, movedAt: search.movedAt, ...deletions };
  };
  expect(await told()).toEqual({ behind: 0, movedAt: null, files: 0, sessions: 0 });

  await readModel.query(
    `insert into search_queue (partition, session_id) select n % 2, 's' from generate_series(1, 5) n`,
  );
  await putSession(readModel, { id: 'gone' });
  await putItem(readModel, { key: 'm:1', session: 'gone', kind: 'prompt', at: null });
  await readModel.query(
    `insert into file_state (file, partition, source, host, path, root, generation, "offset", decoder_version, state,
       last_sequence, sessions, entombed, tombstone, erased)
     values ('to-entomb', 0, 's', 'h', 'p', 'r', 'g', 0, 1, '{}', 9, '{gone,other}', '{}', null, null),
       ('to-erase', 0, 's', 'h', 'p', 'r', 'g', 0, 1, '{}', 9, '{other}', '{gone}', 7, 3),
       ('both', 0, 's', 'h', 'p', 'r', 'g', 0, 1, '{}', 9, '{gone}', '{gone}', 7, 3),
       ('erased', 0, 's', 'h', 'p', 'r', 'g', 0, 1, '{}', 9, '{}', '{gone}', 7, 7),
       ('of-others', 0, 's', 'h', 'p', 'r', 'g', 0, 1, '{}', 9, '{other}', '{other}', 7, 3)`,
  );
  await eventually(async () => expect(await told()).toMatchObject({ behind: 5, files: 0, sessions: 0 }));

  await readModel.query("update session set deleted = true where id = 'gone'");
  await eventually(async () => expect(await told()).toMatchObject({ behind: 5, files: 3, sessions: 1 }));

  await readModel.query(
    `update search_checkpoint set position = (select max(id) from search_queue), moved_at = '2026-03-01T10:00:00Z'
     where partition = 0`,
  );
  await readModel.query("update file_state set sessions = '{}', erased = tombstone; delete from item");
  await eventually(async () =>
    expect(await told()).toEqual({ behind: 3, movedAt: '2026-03-01T10:00:00.000Z', files: 0, sessions: 0 }),
  );
});
