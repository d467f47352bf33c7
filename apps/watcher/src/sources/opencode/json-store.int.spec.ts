import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { viewOf } from '@telltale/domain';
import { openCodeDocument, OpenCodeWriter, type OpenCodeUsage } from '@telltale/domain/testing';
import { eventually } from '@telltale/platform/testing';
import { modelOf, SqliteStoreWriter, writeDocuments } from '../../testing/opencode-stores';
import { workbench, type RunningWatcher, type Workbench } from '../../testing/watching';
import type { WatcherRequest } from '../../watcher';
import { openCodeSource } from './opencode-source';

const now = Date.UTC(2027, 0, 1);
const usage: OpenCodeUsage = { input: 100, output: 20, reasoning: 5, cache: { read: 1000, write: 50 } };

let bench: Workbench;
let root: string;
beforeEach(async () => {
  bench = await workbench();
  root = join(bench.root, 'opencode');
  await mkdir(root, { recursive: true });
});
afterEach(() => bench.close());

const watch = (
  options: Partial<WatcherRequest> & { exclude?: readonly string[] } = {},
): Promise<RunningWatcher> => bench.watch({ sources: [openCodeSource([root])], ...options });
const settled = ({ watcher }: RunningWatcher) => eventually(() => expect(watcher.backfill().done).toBe(true));
const recordsOf = (made: OpenCodeWriter) => made.played.map(({ record }) => record);

function session(seed: string, directory = '/home/dev/shop'): OpenCodeWriter {
  const made = new OpenCodeWriter({ seed, startedAt: Date.now(), title: `About ${seed}`, directory });
  made.prompt('Why does the build fail?');
  made.startAnswer();
  made.tool('bash', { command: 'npm run build' }, { output: 'error TS2345' });
  made.text('A type is wrong.');
  made.endAnswer(usage, 0.25);
  return made;
}

async function shown(): Promise<Record<string, unknown>> {
  const sessions = [...modelOf(await bench.facts()).sessions.values()].map(
    (state) => viewOf(state, now).summary,
  );
  return Object.fromEntries(
    sessions.map(({ id, title, stats: { messages, toolCalls, tokens, reportedCostUsd } }) => [
      id,
      { title, messages, toolCalls, tokens: tokens.total, reportedCostUsd },
    ]),
  );
}

const whole = (title: string) => ({ title, messages: 2, toolCalls: 1, tokens: 1175, reportedCostUsd: 0.25 });

test('documents are published as they are written, and counted in the end', async () => {
  const [before, after] = [session('before'), session('after')];
  writeDocuments(root, ...recordsOf(before));
  await watch({ sweepIntervalMs: 600_000 });
  await eventually(async () => expect(await shown()).toEqual({ [before.id]: whole('About before') }));
  for (const record of recordsOf(after)) writeDocuments(root, record);
  await eventually(async () =>
    expect(await shown()).toEqual({ [before.id]: whole('About before'), [after.id]: whole('About after') }),
  );
});

test('a start says nothing anew of what did not change', async () => {
  const made = session('a');
  writeDocuments(root, ...recordsOf(made));
  const first = await watch();
  await settled(first);
  await first.stop();
  const facts = (await bench.facts()).length;
  expect(facts).toBe(made.records.length);
  const from = made.played.length;
  made.text('One more.');
  writeDocuments(root, ...recordsOf(made).slice(from));
  await settled(await watch());
  expect(await bench.facts()).toHaveLength(facts + 1);
});

test('a session in both stores of one machine is counted once', async () => {
  const made = session('a');
  const half = Math.floor(made.played.length / 2);
  const store = new SqliteStoreWriter(join(root, 'opencode.db'));
  writeDocuments(root, ...recordsOf(made).slice(0, half));
  store.write(...recordsOf(made));
  await watch();
  writeDocuments(root, ...recordsOf(made).slice(half));
  const expected = made.records.length + 1;
  await eventually(async () =>
    expect(new Set((await bench.facts()).map(({ attributes }) => attributes.path)).size).toBe(expected),
  );
  await eventually(async () => expect(await shown()).toEqual({ [made.id]: whole('About a') }));
  store.close();
});

test('a session that is deleted is said to be', async () => {
  const made = session('a');
  writeDocuments(root, ...recordsOf(made));
  await settled(await watch());
  const paths = made.records.map((record) => join(root, openCodeDocument(record).path));
  for (const path of paths) await rm(path);
  await eventually(async () => {
    const removed = (await bench.facts()).filter(
      ({ attributes }) => attributes.type === 'telltale.file.removed.v1',
    );
    expect(removed.map(({ attributes }) => attributes.path).sort()).toEqual(paths.sort());
  });
});

test('what is half written waits, and other files are left alone', async () => {
  const made = session('a');
  const [first] = made.records;
  const { path, text } = openCodeDocument(first as NonNullable<typeof first>);
  await mkdir(join(root, path, '..'), { recursive: true });
  await writeFile(join(root, path), text.slice(0, -10));
  for (const other of [
    'auth.json',
    'storage/migration',
    'storage/session_diff/x.json',
    'snapshot/a/b.json',
  ]) {
    await mkdir(join(root, other, '..'), { recursive: true });
    await writeFile(join(root, other), '{}');
  }
  await settled(await watch());
  expect(await bench.facts()).toEqual([]);
  await writeFile(join(root, path), text);
  await eventually(async () => expect(Object.keys(await shown())).toEqual([made.id]));
});

test('the storage folder itself can be the root', async () => {
  const made = session('a');
  writeDocuments(root, ...recordsOf(made));
  await watch({ sources: [openCodeSource([join(root, 'storage')])] });
  await eventually(async () => expect(await shown()).toEqual({ [made.id]: whole('About a') }));
});

test('documents of a session in an excluded folder are never published', async () => {
  const [open, secret] = [session('open'), session('secret', '/home/me/secret/vault')];
  writeDocuments(root, ...recordsOf(secret), ...recordsOf(open));
  await settled(await watch({ exclude: ['/home/me/secret'] }));
  expect(Object.keys(await shown())).toEqual([open.id]);
  const bodies = (await bench.facts()).map(({ body }) => body.toString());
  expect(bodies.filter((body) => body.includes(secret.id))).toEqual([]);
});
