import { appendFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decoderOf, type Observation } from '@telltale/domain';
import { codexSession, decodeSource, MemoryReadModel } from '@telltale/domain/testing';
import { eventually } from '@telltale/platform/testing';
import { workbench, type Workbench } from '../../testing/watching';
import { codexSource } from './codex-source';

const session = '019ed7c2-0e29-7b52-b92a-ff8e6f9573a0';
let bench: Workbench;
let home: string;
let path: string;
const { path: below, lines } = codexSession(session, Date.UTC(2026, 5, 17, 22));
const text = (from: number, to: number): string =>
  lines
    .slice(from, to)
    .map((line) => `${line.text}\n`)
    .join('');

beforeEach(async () => {
  bench = await workbench();
  home = join(bench.root, 'codex');
  path = join(home, below);
  await mkdir(dirname(path), { recursive: true });
});
afterEach(() => bench.close());

const watch = () => bench.watch({ sources: [codexSource([home])] });

/** What a file's facts tell. */
async function told(file: string): Promise<readonly Observation[]> {
  const content = await bench.content(file);
  const read = content.split('\n').slice(0, -1);
  const decoder = decoderOf('codex');
  if (decoder === undefined) throw new Error('no decoder');
  const context = { source: 'codex', host: 'h', root: home, path: file, fact: 'file.appended' } as const;
  return decodeSource(decoder, { ...context, lines: read }).observations;
}

test('a rollout is tailed as it grows, and goes on at its end when it is resumed', async () => {
  await writeFile(path, text(0, 10));
  const first = await watch();
  await eventually(async () => expect(await bench.content(path)).toBe(latin1(text(0, 10))));
  await appendFile(path, text(10, 20) + text(20, 21).slice(0, 30));
  await eventually(async () => expect(await bench.content(path)).toBe(latin1(text(0, 20))));
  await first.stop();
  await appendFile(path, text(20, 21).slice(30) + text(21, lines.length));
  await watch();
  await eventually(async () => expect(await bench.content(path)).toBe(latin1(text(0, lines.length))));
  expect(await bench.generations(path)).toHaveLength(1);
});

test('an archived rollout is the session it was, and counts once', async () => {
  await writeFile(path, text(0, lines.length));
  await watch();
  await eventually(async () => expect(await bench.content(path)).toBe(latin1(text(0, lines.length))));
  const archived = join(home, 'archived_sessions', path.split('/').at(-1) ?? '');
  await mkdir(dirname(archived));
  await rename(path, archived);
  await eventually(async () => expect(await bench.content(archived)).toBe(latin1(text(0, lines.length))));
  await eventually(async () =>
    expect((await bench.facts()).map(({ attributes }) => attributes.type)).toContain(
      'telltale.file.removed.v1',
    ),
  );
  const [before, after] = [await told(path), await told(archived)];
  const [once, twice] = [new MemoryReadModel(), new MemoryReadModel()];
  once.apply(before, 'codex');
  for (const observations of [before, after]) twice.apply(observations, 'codex');
  expect([...twice.sessions.keys()]).toEqual([session]);
  expect(twice.shown()).toEqual(once.shown());
});

/** As the bench reads bytes. */
function latin1(content: string): string {
  return Buffer.from(content).toString('latin1');
}
