import { randomBytes, randomUUID } from 'node:crypto';
import { appendFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { factsStreamName, hostFilter, ingestLagSubject, maxFactBytes } from '@telltale/contracts';
import { createLogger, ensureFactsStream } from '@telltale/platform';
import { eventually } from '@telltale/platform/testing';
import { FactLog } from './publishing/fact-log';
import { readHeads } from './publishing/heads';
import { testHost, workbench, type RunningWatcher, type Workbench } from './testing/watching';

let bench: Workbench;
beforeEach(async () => {
  bench = await workbench();
});
afterEach(() => bench.close());

const line = (text: string) => `{"uuid":"${text}"}\n`;
const session = async () => join(await bench.project(), `${randomUUID()}.jsonl`);
const holds = (path: string, content: string) =>
  eventually(async () => expect(await bench.content(path)).toBe(content));
const settled = ({ watcher }: RunningWatcher) =>
  eventually(() => {
    expect(watcher.backfill().done).toBe(true);
    expect([...watcher.registry.files.values()].every((file) => !file.running && file.queued === 'no')).toBe(
      true,
    );
  });

test('a restart resumes without gap or overlap, and says what was deleted meanwhile', async () => {
  const paths = await Promise.all(Array.from({ length: 20 }, session));
  await Promise.all(paths.map((path, i) => writeFile(path, line(`${i}-first`))));
  const first = await bench.watch();
  await Promise.all(paths.map((path, i) => holds(path, line(`${i}-first`))));
  await first.stop();
  const count = (await bench.facts()).length;

  const idle = await bench.watch();
  await settled(idle);
  await idle.stop();
  expect(await bench.facts()).toHaveLength(count);

  await bench.tellHeads();
  const [gone = '', ...rest] = paths;
  await rm(gone);
  await Promise.all(rest.map((path, i) => appendFile(path, line(`${i + 1}-second`))));
  await settled(await bench.watch());
  for (const [i, path] of rest.entries()) {
    const generations = await bench.generations(path);
    expect(generations).toHaveLength(1);
    expect(generations[0]?.content.toString()).toBe(line(`${i + 1}-first`) + line(`${i + 1}-second`));
  }
  // After the others, where ingest was too slow to tell the heads before they were read without it.
  await eventually(async () => {
    const last = (await bench.facts()).filter(({ attributes }) => attributes.path === gone).at(-1);
    expect(last?.attributes.type).toBe('telltale.file.removed.v1');
  });
});

test('a file that was rewritten while no watcher ran starts a new generation', async () => {
  const [path, same] = [await session(), await session()];
  await writeFile(path, line('a') + line('b'));
  await writeFile(same, line('same'));
  const first = await bench.watch();
  await holds(path, line('a') + line('b'));
  await holds(same, line('same'));
  await first.stop();
  await writeFile(path, line('c') + line('b')); // as long as before, with the same end
  await bench.watch();
  await holds(path, line('c') + line('b'));
  expect(await bench.generations(path)).toHaveLength(2);
  expect(await bench.generations(same)).toHaveLength(1);
});

test('two watchers of one host name leave neither gap nor overlap', async () => {
  const [one, two] = await Promise.all([bench.watch({ factBytes: 64 }), bench.watch({ factBytes: 200 })]);
  const paths = await Promise.all(Array.from({ length: 8 }, session));
  const expected = new Map(paths.map((path) => [path, '']));
  for (let round = 0; round < 50; round++) {
    for (const path of paths) {
      const added = line(`${round}-${'x'.repeat(round * 7)}`);
      await appendFile(path, added);
      expected.set(path, (expected.get(path) ?? '') + added);
    }
  }
  for (const [path, content] of expected) await holds(path, content);
  await Promise.all([settled(one), settled(two)]);
  for (const [path, content] of expected) {
    const generations = await bench.generations(path); // throws on gaps and overlaps
    expect(generations.at(-1)?.content.toString()).toBe(content);
  }
});

test('kill -9 of the broker while lines are appended: all of them are there once, in order', async () => {
  const paths = await Promise.all(Array.from({ length: 5 }, session));
  const { watcher } = await bench.watch();
  const expected = new Map(paths.map((path) => [path, '']));
  const inLog = (path: string) => watcher.registry.get(path)?.position.offset ?? 0;
  let writing = true;
  const writer = (async () => {
    for (let i = 0; writing; i++) {
      for (const path of paths) {
        await appendFile(path, line(String(i)));
        expected.set(path, (expected.get(path) ?? '') + line(String(i)));
      }
      await delay(2); // a pace to write at, nothing waits for it
    }
  })();
  for (let kill = 0; kill < 3; kill++) {
    const before = paths.map(inLog);
    const isFurther = (path: string, i: number) => inLog(path) > (before[i] ?? 0);
    await eventually(() => expect(paths.every(isFurther)).toBe(true));
    await bench.nats.kill();
    await bench.nats.restart();
  }
  writing = false;
  await writer;
  const whole = [...expected.values()].map(({ length }) => length);
  await eventually(() => expect(paths.map(inLog)).toEqual(whole));
  for (const [path, content] of expected) {
    const generations = await bench.generations(path);
    expect(generations.map((generation) => generation.content.toString())).toEqual([content]);
  }
});

test('it can be stopped while the broker is away; the next start goes on', async () => {
  const path = await session();
  await writeFile(path, line('a'));
  const running = await bench.watch();
  await holds(path, line('a'));
  await bench.nats.kill();
  await appendFile(path, line('b'));
  await running.stop(); // ends, although the broker does not come back before
  await bench.nats.restart();
  await bench.watch();
  await holds(path, line('a') + line('b'));
  expect(await bench.generations(path)).toHaveLength(1);
});

test('a log that was lost is filled again from the files', async () => {
  const paths = await Promise.all(Array.from({ length: 5 }, session));
  await Promise.all(paths.map((path, i) => writeFile(path, line(String(i)))));
  await settled(await bench.watch());
  const manager = await jetstreamManager(bench.connection);
  await manager.streams.delete(factsStreamName);
  await ensureFactsStream(bench.connection);
  await appendFile(paths[0] ?? '', line('more')); // only one file changes: it finds out for all of them
  await holds(paths[0] ?? '', line('0') + line('more'));
  for (const [i, path] of paths.entries()) if (i > 0) await holds(path, line(String(i)));
});

test('a 60 MB line comes in parts, byte for byte, in bounded memory', async () => {
  const path = await session();
  const long = randomBytes(30 * 1024 * 1024).toString('hex');
  const rest = Buffer.from(`${long.slice(1_000_000)}\n${line('after')}`); // ours, and there from the beginning
  await writeFile(path, `${line('before')}${long.slice(0, 1_000_000)}`);
  const running = await bench.watch();
  await holds(path, line('before'));
  global.gc?.();
  const rssBefore = process.memoryUsage.rss();
  await appendFile(path, rest);
  const size = line('before').length + long.length + 1 + line('after').length;
  let peak = 0;
  await eventually(
    () => {
      peak = Math.max(peak, process.memoryUsage.rss());
      expect([...running.watcher.registry.files.values()][0]?.position.offset).toBe(size);
    },
    { timeoutMs: 90_000, everyMs: 5 },
  );
  expect(peak - rssBefore).toBeLessThan(160 * 1024 * 1024);
  const generations = await bench.generations(path);
  expect(generations).toHaveLength(1);
  expect(generations[0]?.content.equals(Buffer.from(`${line('before')}${long}\n${line('after')}`))).toBe(
    true,
  );
  const parts =
    generations[0]?.facts.flatMap(({ attributes }) => (attributes.part ? [attributes.part] : [])) ?? [];
  const count = Math.ceil((long.length + 1) / maxFactBytes);
  expect(parts.map(({ k }) => k)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
  expect(new Set(parts.map(({ n }) => n))).toEqual(new Set([count]));
});

test('a long line of which half the parts are published goes on with the next part', async () => {
  const path = await session();
  const content = `${'x'.repeat(1000)}\n${line('after')}`;
  await writeFile(path, content);
  const first = await bench.watch({ factBytes: 300 });
  await holds(path, content);
  await first.stop();
  const second = (await bench.facts())[1];
  expect(second?.attributes.part).toEqual({ k: 2, n: 4 });
  // The log ends behind the second part, as if the watcher had been killed there.
  const manager = await jetstreamManager(bench.connection);
  for (const { sequence } of (await bench.facts()).slice(2))
    await manager.streams.deleteMessage(factsStreamName, sequence);
  await bench.watch({ factBytes: 512 }); // what a fact may carry has changed: the line's parts keep their size
  await holds(path, content);
  const generations = await bench.generations(path);
  expect(generations).toHaveLength(1);
  expect(generations[0]?.facts.map(({ attributes }) => attributes.part)).toEqual([
    { k: 1, n: 4 },
    { k: 2, n: 4 },
    { k: 3, n: 4 },
    { k: 4, n: 4 },
    undefined,
  ]);
});

test('the backlog waits while ingest lags, oldest file first; live files do not', async () => {
  const old = await Promise.all(Array.from({ length: 6 }, session));
  for (const [i, path] of old.entries()) {
    await writeFile(path, line(`${i}-${'x'.repeat(60_000)}`));
    await utimes(path, 1_700_000_000 + i, 1_700_000_000 + i);
  }
  const lag = (lagBytes: number) =>
    bench.connection.publish(ingestLagSubject, JSON.stringify({ lagBytes, at: new Date().toISOString() }));
  const published = async () => [
    ...new Set((await bench.facts()).map(({ attributes }) => old.indexOf(attributes.path))),
  ];
  // However long this takes: what goes through after a silence is no part of it.
  const running = await bench.watch({ backlogLagLimitBytes: 60_000, backlogSilenceMs: Infinity });
  // Nothing is heard of ingest: it is taken to lag by what was published, which is one file at a time.
  await eventually(async () => expect(await published()).toEqual([0]));
  const live = await session();
  await writeFile(live, line('live'));
  await appendFile(old[5] ?? '', line('live again')); // no backlog any more
  await holds(live, line('live'));
  await eventually(async () => expect((await published()).sort()).toEqual([-1, 0, 5]));
  expect(running.watcher.backfill()).toMatchObject({ done: false });

  bench.connection.publish(ingestLagSubject, 'not json');
  lag(10_000_000);
  await appendFile(live, line('more'));
  await holds(live, line('live') + line('more'));
  expect((await published()).sort()).toEqual([-1, 0, 5]);

  await eventually(() => {
    lag(0);
    expect(running.watcher.backfill()).toMatchObject({ done: true });
  });
  expect((await published()).filter((i) => i >= 1 && i <= 4)).toEqual([1, 2, 3, 4]);
});

test('thousands of heads are read whole, told by ingest or one by one', async () => {
  const manager = await jetstreamManager(bench.connection);
  const subjects = Array.from({ length: 3000 }, (_, i) =>
    hostFilter(testHost)
      .replace('*.*', `${i % 16}.claude-code`)
      .replace('>', i.toString(16).padStart(16, '0')),
  );
  for (let i = 0; i < subjects.length; i += 100)
    await Promise.all(
      subjects.slice(i, i + 100).map((subject) => manager.jetstream().publish(subject, 'body')),
    );
  const logger = createLogger('test', { write: () => undefined });
  const { signal } = new AbortController();
  const log = new FactLog(bench.connection, signal, logger);
  const files = [...subjects, `${subjects[0]}-unknown`].map((subject) => ({ subject, stat: undefined }));
  const read = (patienceMs: number) =>
    readHeads({ connection: bench.connection, host: testHost, log, signal, logger, patienceMs }, files);
  const alone = await read(0);
  expect(alone.complete).toBe(false);
  await bench.tellHeads();
  const told = await read(60_000);
  expect(told.complete).toBe(true);
  for (const { heads } of [alone, told]) {
    expect(new Set(heads.keys())).toEqual(new Set(subjects));
    expect(Math.max(...[...heads.values()].map(({ sequence }) => sequence))).toBe(subjects.length);
  }
});

test('without ingest a restart resumes all the same; what was deleted meanwhile is said once ingest is there', async () => {
  const [kept, gone] = [await session(), await session()];
  await writeFile(kept, line('a'));
  await writeFile(gone, line('gone'));
  const first = await bench.watch();
  await holds(kept, line('a'));
  await holds(gone, line('gone'));
  await first.stop();
  await rm(gone);
  await appendFile(kept, line('b'));
  await settled(await bench.watch());
  await holds(kept, line('a') + line('b'));
  expect(await bench.generations(kept)).toHaveLength(1);
  const ofGone = async () =>
    (await bench.facts())
      .filter(({ attributes }) => attributes.path === gone)
      .map(({ attributes }) => attributes.type);
  expect(await ofGone()).toEqual(['telltale.file.appended.v1']);
  await bench.tellHeads();
  await eventually(async () =>
    expect(await ofGone()).toEqual(['telltale.file.appended.v1', 'telltale.file.removed.v1']),
  );
});
