import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers as natsHeaders } from '@nats-io/transport-node';
import {
  factHeaders,
  factSubject,
  factsStreamName,
  headsRequestSchema,
  headsRequestSubject,
  headsSubject,
  partitionOf,
  stableHash,
  type Source,
} from '@telltale/contracts';
import { createLogger, ensureFactsStream } from '@telltale/platform';
import { eventually } from '@telltale/platform/testing';
import { codexSource } from './sources/codex/codex-source';
import { claudeCodeSource } from './sources/claude-code/claude-code-source';
import { uiTestSource } from './sources/ui-test/ui-test-source';
import { fingerprint, tailLimit } from './tailing/fingerprint';
import { testHost, workbench, type Workbench } from './testing/watching';

let bench: Workbench;
beforeEach(async () => {
  bench = await workbench();
});
afterEach(() => bench.close());

const line = (text: string) => `{"uuid":"${text}"}\n`;
const paths = async () => [...new Set((await bench.facts()).map(({ attributes }) => attributes.path))];

interface Planted {
  readonly path: string;
  readonly root?: string;
  readonly source?: Source;
  /** The ordering key of its subject; default: its path. */
  readonly key?: string;
  readonly more?: Readonly<Record<string, string | number>>;
}

/** A fact as whoever may write to the log could plant it: it says that the watcher has told of a file. */
async function plant({
  path,
  root = bench.root,
  source = 'claude-code',
  key = path,
  more,
}: Planted): Promise<void> {
  const headers = natsHeaders();
  const attributes = factHeaders({
    specversion: '1.0',
    id: randomUUID(),
    source: `/watchers/${testHost}`,
    type: 'telltale.file.appended.v1',
    time: new Date().toISOString(),
    path,
    root,
    generation: 'planted',
    from: 0,
    to: 0,
    ...more,
  });
  for (const [name, value] of attributes) headers.set(name, value);
  const subject = factSubject({
    partition: partitionOf(key),
    source,
    host: testHost,
    file: stableHash(path),
  });
  await jetstream(bench.connection).publish(subject, '{}\n', { headers });
}

test('nothing outside the roots is read, whatever the log says was there', async () => {
  const outside = join(dirname(bench.root), 'outside');
  const transcript = `${randomUUID()}.jsonl`;
  const secrets = [
    join(outside, 'projects', 'p', transcript),
    join(outside, 'sessions', transcript),
    join(outside, 'session_1', 'output.json'),
    join(bench.root, 'projects', 'p', 'tool-results', transcript),
  ];
  for (const path of secrets) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '{"secret":"of somebody else"}\n');
  }
  const id = transcript.slice(0, -'.jsonl'.length);
  const codex = join(dirname(bench.root), 'codex');
  const tests = join(dirname(bench.root), 'tests');
  await Promise.all([codex, tests].map((path) => mkdir(path, { recursive: true })));
  const [first = '', second = '', third = '', fourth = ''] = secrets;
  await plant({ path: first, key: id });
  await plant({ path: `${bench.root}/projects/x/../../../outside/projects/p/${transcript}`, key: id });
  await plant({ path: `${bench.root}/projects/../../outside/projects/p/${transcript}`, key: id });
  await plant({ path: first, key: id, source: 'push' });
  await plant({ path: second, root: codex, source: 'codex', key: id });
  await plant({
    path: `${codex}/sessions/../../outside/sessions/${transcript}`,
    root: codex,
    source: 'codex',
    key: id,
  });
  await plant({ path: third, root: tests, source: 'ui-test', key: 'session_1' });
  await plant({ path: fourth, key: id });
  const gone = join(bench.root, 'projects', 'p', `${randomUUID()}.jsonl`);
  await plant({ path: gone, key: gone.slice(-42, -6) });
  const really = join(bench.root, 'projects', 'p', 'sessions-index.json');
  await plant({ path: really });
  await bench.tellHeads();
  const sources = [
    claudeCodeSource([bench.root]),
    codexSource([codex]),
    uiTestSource({ roots: [tests], screenshotLimitBytes: 1e6 }),
  ];
  const { watcher } = await bench.watch({ sources });
  // What vanished is found gone, so that all that was planted has had its turn.
  await eventually(async () =>
    expect((await bench.facts()).map(({ attributes }) => attributes)).toContainEqual(
      expect.objectContaining({ path: really, type: 'telltale.file.removed.v1' }),
    ),
  );
  await eventually(() =>
    expect(
      [...watcher.registry.files.values()].every(({ running, queued }) => !running && queued === 'no'),
    ).toBe(true),
  );
  const read = (await bench.facts()).filter(({ body }) => body.includes('somebody else'));
  expect(read.map(({ attributes }) => attributes.path)).toEqual([]);
});

test.each([
  ['of first bytes', { bytes: 1e12, size: 1000 }],
  ['of a part', { bytes: 1, size: 1.5 * 1024 * 1024 }],
])('sizes that the log makes up are not believed: %s', async (_, { bytes, size }) => {
  const path = join(await bench.project(), `${randomUUID()}.jsonl`);
  const content = Buffer.from(`${'x'.repeat(2 * size - 1)}\n${line('end')}`);
  await writeFile(path, content);
  const { ino } = await stat(path);
  // Whoever reads the log knows the file.
  const identity = `1:${ino}:${fingerprint(content.subarray(0, 1))}:${bytes}`;
  const tail = fingerprint(content.subarray(Math.max(0, size - tailLimit), size));
  const key = path.slice(-42, -'.jsonl'.length);
  await plant({ path, key, more: { from: 0, to: size, part: '1/2', identity, tail } });
  await bench.tellHeads();
  await bench.watch();
  await eventually(async () => {
    const told = (await bench.facts()).filter(({ attributes }) => attributes.generation !== 'planted');
    expect(Buffer.concat(told.map(({ body }) => body)).equals(content)).toBe(true);
  });
});

test('heads that are promised and never come whole hold no watcher up', async () => {
  const path = join(await bench.project(), 'a.jsonl');
  await writeFile(path, line('a'));
  bench.connection.subscribe(headsRequestSubject(testHost), {
    callback: (_, request) => {
      const { reading } = headsRequestSchema.parse(request.json());
      request.respond(JSON.stringify({ heads: 5 }));
      // The second one, and never the first.
      const reply = '$JS.ACK.FACTS.heads.1.7.2.0.3';
      bench.connection.publish(headsSubject(testHost, reading), '', { reply });
    },
  });
  await bench.connection.flush();
  await bench.watch();
  await eventually(async () => expect(await bench.content(path)).toBe(line('a')));
});

test('a log that is not made yet is told of once, however many files wait for it', async () => {
  const folder = await bench.project();
  const files = ['a', 'b', 'c', 'd', 'e'].map((name) => join(folder, `${name}.jsonl`));
  await Promise.all(files.map((path) => writeFile(path, line('x'))));
  const { streams } = await jetstreamManager(bench.connection);
  await streams.delete(factsStreamName);
  const lines: string[] = [];
  const logger = createLogger('test', { write: (text) => void lines.push(text) });
  const complaints = () => lines.filter((text) => text.includes('the log does not answer'));
  const watching = bench.watch({ logger });
  await eventually(() => expect(complaints().length).toBeGreaterThan(0));
  await ensureFactsStream(bench.connection);
  await watching;
  await eventually(async () => expect(await paths()).toHaveLength(files.length));
  expect(complaints()).toHaveLength(1);
});

test('a pipe that came to the place of a transcript holds nobody up', async () => {
  const [path, other] = [1, 2].map((n) => join(bench.root, 'projects', 'p', `${n}.jsonl`)) as [
    string,
    string,
  ];
  await bench.project('p');
  await writeFile(path, line('a'));
  await bench.watch();
  await eventually(async () => expect(await bench.content(path)).toBe(line('a')));
  execFileSync('mkfifo', [`${path}.new`]);
  await rename(`${path}.new`, path);
  await writeFile(other, line('b'));
  await eventually(async () => expect(await bench.content(other)).toBe(line('b')));
});

test('links that lead in a circle lead nowhere; others are followed', async () => {
  const day = join(bench.root, 'sessions', '2026', '01');
  const elsewhere = join(dirname(bench.root), 'elsewhere');
  await Promise.all([day, elsewhere].map((path) => mkdir(path, { recursive: true })));
  await writeFile(join(day, 'a.jsonl'), line('a'));
  await writeFile(join(elsewhere, 'b.jsonl'), line('b'));
  await symlink(join(bench.root, 'sessions'), join(day, 'up'));
  await symlink(day, join(day, 'self'));
  await symlink(elsewhere, join(day, 'linked'));
  await symlink(join(bench.root, 'sessions'), join(elsewhere, 'back'));
  await symlink(elsewhere, join(elsewhere, 'again'));
  const { watcher } = await bench.watch({ sources: [codexSource([bench.root])] });
  await eventually(() => expect(watcher.backfill().done).toBe(true));
  expect((await paths()).sort()).toEqual([join(day, 'a.jsonl'), join(day, 'linked', 'b.jsonl')]);
});

test('a root that goes away takes no file with it, however soon a file is asked for', async () => {
  const path = join(await bench.project(), 'a.jsonl');
  await writeFile(path, line('a'));
  const { watcher } = await bench.watch({ sweepIntervalMs: 1_000_000 });
  await eventually(async () => expect(await bench.content(path)).toBe(line('a')));
  watcher.closeEvents();
  await rename(bench.root, `${bench.root}.away`);
  watcher.touched(path);
  await eventually(() => expect(watcher.registry.get(path)).toMatchObject({ running: false, queued: 'no' }));
  await rename(`${bench.root}.away`, bench.root);
  await appendFile(path, line('b'));
  watcher.touched(path);
  await eventually(async () => expect(await bench.content(path)).toBe(line('a') + line('b')));
  expect((await bench.facts()).map(({ attributes }) => attributes.type)).toEqual([
    'telltale.file.appended.v1',
    'telltale.file.appended.v1',
  ]);
});

test('what went away while the root was away is said once the root is back', async () => {
  const [kept, gone] = ['kept', 'gone'].map((name) => join(bench.root, 'projects', 'p', `${name}.jsonl`)) as [
    string,
    string,
  ];
  await bench.project('p');
  await writeFile(kept, line('kept'));
  await writeFile(gone, line('gone'));
  await bench.tellHeads();
  const first = await bench.watch();
  await eventually(async () => expect((await paths()).sort()).toEqual([gone, kept]));
  await first.stop();
  const away = `${bench.root}.away`;
  await rename(bench.root, away);
  await rm(gone.replace(bench.root, away));
  await bench.watch();
  await rename(away, bench.root);
  await eventually(async () =>
    expect((await bench.facts()).map(({ attributes }) => [attributes.path, attributes.type])).toContainEqual([
      gone,
      'telltale.file.removed.v1',
    ]),
  );
  expect(await bench.generations(kept)).toHaveLength(1);
});

test('a document that is written twice within one tick of the clock is read twice', async () => {
  const path = join(await bench.project(), 'sessions-index.json');
  const { watcher } = await bench.watch();
  watcher.closeEvents(); // as on a network disk, whose clock may tick once a second
  // A clock ahead of ours, so that the tick lasts until the second time, however long we take until then.
  const at = Date.now() / 1000 + 3600;
  await writeFile(path, '{"entries":["a"]}');
  await utimes(path, at, at);
  await eventually(async () => expect(await bench.content(path)).toBe('{"entries":["a"]}\n'));
  await writeFile(path, '{"entries":["b"]}');
  await utimes(path, at, at);
  await eventually(async () => expect(await bench.content(path)).toBe('{"entries":["b"]}\n'));
});
