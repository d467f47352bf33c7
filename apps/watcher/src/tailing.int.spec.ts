import { randomUUID } from 'node:crypto';
import { appendFile, link, mkdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { eventually } from '@telltale/platform/testing';
import { generationsOf } from './testing/facts';
import { workbench, type Workbench } from './testing/watching';

let bench: Workbench;
beforeEach(async () => {
  bench = await workbench();
});
afterEach(() => bench.close());

const line = (text: string) => `{"uuid":"${text}"}\n`;
const holds = (path: string, content: string) =>
  eventually(async () => expect(await bench.content(path)).toBe(content));

test('an appended line becomes a fact with its place and identity', async () => {
  const began = Date.now();
  const path = join(await bench.project(), `${randomUUID()}.jsonl`);
  await writeFile(path, line('a'));
  await bench.watch();
  await holds(path, line('a'));
  await appendFile(path, line('b') + '{"half');
  await holds(path, line('a') + line('b'));
  await appendFile(path, '":1}\n');
  await holds(path, `${line('a')}${line('b')}{"half":1}\n`);

  const [generation, ...others] = await bench.generations(path);
  expect(others).toEqual([]);
  expect(generation?.facts).toHaveLength(3);
  for (const { attributes } of generation?.facts ?? []) {
    expect(attributes).toMatchObject({ path, root: bench.root, source: '/watchers/test-host' });
    expect(attributes.identity).toMatch(/^\d+:\d+:[0-9a-f]{32}:\d+$/);
    expect(attributes.tail).toMatch(/^[0-9a-f]{32}$/);
    expect(attributes.seen).toBeGreaterThan(began - 60_000);
    expect(attributes.seen).toBeLessThan(Date.now() + 60_000);
  }
});

test('any bytes go through as they are', async () => {
  const path = join(await bench.project(), `${randomUUID()}.jsonl`);
  const bytes = Buffer.from([
    0xef, 0xbb, 0xbf, 0x7b, 0, 0xff, 0xfe, 0xc3, 0x28, 0x0d, 0x0a, 0x0a, 0x80, 0x0a,
  ]);
  await writeFile(path, bytes);
  await bench.watch();
  await holds(path, bytes.toString('latin1'));
});

test('a burst of appends to 50 files loses nothing', async () => {
  await bench.watch();
  const folders = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => bench.project(name)));
  const files = Array.from({ length: 50 }, (_, i) => join(folders[i % 5] ?? '', `${randomUUID()}.jsonl`));
  for (let round = 0; round < 40; round++) {
    await Promise.all(files.map((path, i) => appendFile(path, line(`${i}-${round}`))));
  }
  const expected = files.map((_, i) =>
    Array.from({ length: 40 }, (__, round) => line(`${i}-${round}`)).join(''),
  );
  await eventually(
    async () => {
      const facts = await bench.facts();
      const contents = files.map((path) => generationsOf(facts, path).at(-1)?.content.toString());
      expect(contents).toEqual(expected);
    },
    { everyMs: 500 },
  );
});

test('folders that come together with their files are seen at once', async () => {
  const project = await bench.project('first');
  await bench.watch({ sweepIntervalMs: 600_000 });
  const session = randomUUID();
  const path = join(project, session, 'subagents', 'agent-1.jsonl');
  const elsewhere = join(bench.root, '..', 'prepared');
  await mkdir(join(elsewhere, 'subagents'), { recursive: true });
  await writeFile(join(elsewhere, 'subagents', 'agent-1.jsonl'), line('a'));
  await rename(elsewhere, join(project, session));
  await holds(path, line('a'));

  const nested = join(
    bench.root,
    'projects',
    'second',
    session,
    'subagents',
    'workflows',
    'wf_1',
    'agent-2.jsonl',
  );
  await mkdir(dirname(nested), { recursive: true });
  await writeFile(nested, line('b'));
  await holds(nested, line('b'));
});

test('the sweep alone suffices, also for a root that comes later', async () => {
  const { watcher } = await bench.watch({ sweepIntervalMs: 100 });
  // The events of every folder are taken away, as on a network disk.
  const path = join(bench.root, 'projects', 'late', `${randomUUID()}.jsonl`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, line('a'));
  await holds(path, line('a'));
  watcher.closeEvents();
  await appendFile(path, line('b'));
  await holds(path, line('a') + line('b'));
  const other = join(dirname(path), `${randomUUID()}.jsonl`);
  await writeFile(other, line('c'));
  await holds(other, line('c'));
});

test('the sweep finds what no event tells of, beside folders that send events', async () => {
  const path = join(await bench.project(), `${randomUUID()}.jsonl`);
  await writeFile(path, line('a'));
  const unwatched = join(bench.root, '..', 'another-name-of-it');
  await link(path, unwatched);
  await bench.watch({ sweepIntervalMs: 100 });
  await holds(path, line('a'));
  await appendFile(unwatched, line('b'));
  await holds(path, line('a') + line('b'));
});

test('truncated, rewritten and replaced files start new generations', async () => {
  const project = await bench.project();
  const path = join(project, `${randomUUID()}.jsonl`);
  await writeFile(path, line('a') + line('b'));
  await bench.watch();
  await holds(path, line('a') + line('b'));

  await truncate(path, line('a').length);
  await holds(path, line('a'));
  expect(await bench.generations(path)).toHaveLength(2);

  // The same inode, longer than before, but other bytes.
  await writeFile(path, line('x') + line('y') + line('z'));
  await eventually(async () => {
    expect(await bench.content(path)).toBe(line('x') + line('y') + line('z'));
  });

  // Another inode.
  await writeFile(join(project, 'draft'), line('new'));
  await rename(join(project, 'draft'), path);
  await holds(path, line('new'));
  const ids = (await bench.generations(path)).map(({ id }) => id);
  expect(new Set(ids).size).toBeGreaterThanOrEqual(4);
});

test('a deleted file is said to be removed once; a renamed one lives on under its new name', async () => {
  const project = await bench.project();
  const [before, after] = [join(project, `${randomUUID()}.jsonl`), join(project, `${randomUUID()}.jsonl`)];
  await writeFile(before, line('a'));
  await bench.watch();
  await holds(before, line('a'));
  await rename(before, after);
  await appendFile(after, line('b'));
  await holds(after, line('a') + line('b'));
  const removed = async (path: string) =>
    (await bench.facts()).filter(
      ({ attributes }) => attributes.path === path && attributes.type === 'telltale.file.removed.v1',
    );
  await eventually(async () => expect(await removed(before)).toHaveLength(1));

  await rm(after);
  await eventually(async () => expect(await removed(after)).toHaveLength(1));
  await writeFile(after, line('again'));
  await holds(after, line('again'));
  expect(await removed(after)).toHaveLength(1);
});

test('a whole root that goes away removes no file', async () => {
  const path = join(await bench.project(), `${randomUUID()}.jsonl`);
  await writeFile(path, line('a'));
  const { watcher } = await bench.watch({ sweepIntervalMs: 100 });
  await holds(path, line('a'));
  watcher.closeEvents();
  await rename(bench.root, `${bench.root}-unmounted`);
  await eventually(() => expect(watcher.roots()).toMatchObject([{ present: false }]));
  await rename(`${bench.root}-unmounted`, bench.root);
  await eventually(() => expect(watcher.roots()).toMatchObject([{ present: true }]));
  await appendFile(path, line('b'));
  await holds(path, line('a') + line('b'));
  expect(await bench.generations(path)).toHaveLength(1);
  expect(await bench.facts()).toHaveLength(2);
});

test('a document is one line, published when its content changed', async () => {
  const path = join(await bench.project(), 'sessions-index.json');
  await writeFile(path, '{\n  "version": 1\n}\n');
  await bench.watch();
  await holds(path, '{   "version": 1 } \n');
  await writeFile(path, '{"version": 1, "half');
  await writeFile(path, '{"version": 2}');
  await holds(path, '{"version": 2}\n');
  const count = (await bench.facts()).length;
  const again = await bench.watch(); // a second watcher finds nothing to say
  await eventually(() => expect(again.watcher.backfill().done).toBe(true));
  expect(await bench.facts()).toHaveLength(count);
});

test('excluded projects and files of no interest are never read', async () => {
  const [secret, open] = [await bench.project('-home-me-secret-vault'), await bench.project('-home-me-open')];
  const [hidden, seen] = [join(secret, `${randomUUID()}.jsonl`), join(open, `${randomUUID()}.jsonl`)];
  await writeFile(hidden, line('hidden'));
  await writeFile(join(open, 'session.key'), 'key\n');
  await mkdir(join(open, 's', 'tool-results'), { recursive: true });
  await writeFile(join(open, 's', 'tool-results', 'x.jsonl'), 'spilled\n');
  await bench.watch({ exclude: ['/home/me/secret'] });
  await appendFile(hidden, line('hidden'));
  await appendFile(seen, line('seen'));
  await holds(seen, line('seen'));
  expect(new Set((await bench.facts()).map(({ attributes }) => attributes.path))).toEqual(new Set([seen]));
});
