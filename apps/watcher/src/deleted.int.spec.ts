import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import { bytesStreamName, factHeaders, factsStreamName, type TombstoneScope } from '@telltale/contracts';
import { ensureBytesStream } from '@telltale/platform';
import { eventually, testPicture } from '@telltale/platform/testing';
import { uiTestSource } from './sources/ui-test/ui-test-source';
import { workbench, type RunningWatcher, type Workbench } from './testing/watching';

let bench: Workbench;
beforeEach(async () => {
  bench = await workbench();
});
afterEach(() => bench.close());

const line = (text: string) => `{"uuid":"${text}"}\n`;
const count = async () => (await bench.facts()).length;
const subjectOf = ({ watcher }: RunningWatcher, path: string) => watcher.registry.get(path)?.subject ?? '';

/** As ingest does it: on top of the file's last fact. */
async function entomb(subject: string, scope: TombstoneScope): Promise<void> {
  const event = headers();
  const attributes = factHeaders({
    specversion: '1.0',
    id: randomUUID(),
    source: '/ingest',
    type: 'telltale.session.deleted.v1',
    time: new Date().toISOString(),
    path: 'deleted:s',
    generation: 'none',
    from: 0,
    to: 0,
    scope,
  });
  for (const [name, value] of attributes) event.set(name, value);
  await jetstream(bench.connection).publish(subject, '{}', { headers: event });
}

/** A file beside it that is written last: once it is in the log, so is whatever was written before. */
async function passes(): Promise<void> {
  const path = join(await bench.project(), `${randomUUID()}.jsonl`);
  const before = await count();
  await writeFile(path, line('after'));
  await eventually(async () => expect(await bench.content(path)).toBe(line('after')));
  expect(await count()).toBe(before + 1);
}

test('a file whose session was deleted is silent for ever: grown, written anew, gone and back, after a restart', async () => {
  const path = join(await bench.project(), `${randomUUID()}.jsonl`);
  await writeFile(path, line('a'));
  const first = await bench.watch();
  await eventually(async () => expect(await bench.content(path)).toBe(line('a')));
  await entomb(subjectOf(first, path), 'file');
  const told = await count();

  await appendFile(path, line('b'));
  await passes();
  await writeFile(path, line('c'));
  await passes();
  await rm(path);
  await eventually(() => expect(first.watcher.isKnown(path)).toBe(false));
  await writeFile(path, line('d'));
  await passes();
  await first.stop();

  await appendFile(path, line('e'));
  const second = await bench.watch();
  await appendFile(path, line('f'));
  await passes();
  await eventually(() => expect(second.watcher.registry.bytesBehind()).toBe(0));
  await second.stop();
  await rm(path);
  await bench.watch();
  await passes();
  const facts = await bench.facts();
  expect(facts.filter(({ attributes }) => attributes.path === path)).toHaveLength(1);
  expect(facts).toHaveLength(told + 5);
});

test('a watcher that is publishing when the session is deleted stops', async () => {
  const path = join(await bench.project(), `${randomUUID()}.jsonl`);
  await writeFile(path, line('0'));
  const { watcher } = await bench.watch({ factBytes: 64 });
  await eventually(() => expect(watcher.registry.get(path)?.position.sequence).toBeGreaterThan(0));
  await appendFile(path, Array.from({ length: 2000 }, (_, n) => line(String(n))).join(''));
  await entomb(watcher.registry.get(path)?.subject ?? '', 'file');
  await eventually(async () => {
    await appendFile(path, line('on')); // there is always more to publish, however fast it is
    expect(watcher.registry.get(path)?.position.deleted).toBe(true);
  });
  const last = (await bench.facts()).at(-1);
  expect(last?.attributes.type).toBe('telltale.session.deleted.v1');
  expect(watcher.registry.bytesBehind()).toBe(0);
});

test('a file that tells of other sessions too goes on behind the tombstone', async () => {
  const path = join(bench.root, 'sessions', '4711.json');
  await mkdir(dirname(path), { recursive: true });
  const document = (sessionId: string) => `{"pid":4711,"sessionId":"${sessionId}"}`;
  await writeFile(path, document('one'));
  const running = await bench.watch();
  await eventually(async () => expect(await bench.content(path)).toContain('one'));
  await entomb(subjectOf(running, path), 'shared');
  await writeFile(path, document('two'));
  await eventually(async () => expect(await bench.content(path)).toContain('two'));
});

test('bytes of a picture of a deleted run are not brought any more', async () => {
  await ensureBytesStream(bench.connection);
  const root = join(dirname(bench.root), 'results');
  const path = join(root, 'session_1762316690033', 'screenshots', 'end.png');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, testPicture(1));
  const source = uiTestSource({ roots: [root], screenshotLimitBytes: 1_000_000 });
  const running = await bench.watch({ sources: [source] });
  await eventually(() => expect(running.watcher.registry.get(path)?.position.sequence).toBeGreaterThan(0));
  const stored = async () => {
    const manager = await jetstreamManager(bench.connection);
    return (await manager.streams.info(bytesStreamName)).state.messages;
  };
  expect(await stored()).toBe(1);
  await entomb(subjectOf(running, path), 'file');
  await writeFile(path, testPicture(2));
  await eventually(() => expect(running.watcher.registry.get(path)?.position.deleted).toBe(true));
  expect(await stored()).toBe(1);
  const manager = await jetstreamManager(bench.connection);
  const { state } = await manager.streams.info(factsStreamName, {
    subjects_filter: subjectOf(running, path),
  });
  expect(Object.values(state.subjects ?? {})).toEqual([2]);
});
