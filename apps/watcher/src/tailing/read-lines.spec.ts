import { appendFile, mkdtemp, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { fingerprint, formatIdentity, parseIdentity } from './fingerprint';
import { beginning, type Position } from './position';
import { readLines } from './read-lines';
import type { LineSearch } from './line-search';
import type { FreshBytes } from './reading';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telltale-read-lines-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Reads until nothing is left, as the turns of a file do, and keeps what would be in the log. */
class Reader {
  readonly facts: { generation: string; from: number; to: number; text: string }[] = [];
  position: Position = beginning;
  private search: LineSearch | undefined;

  constructor(
    private readonly path: string,
    private readonly room: number,
    private readonly local = true,
  ) {}

  async readAll(): Promise<void> {
    for (;;) {
      const { path, position, room, search } = this;
      const reading = await readLines({ path, local: this.local, position, room, search });
      this.search = reading.kind === 'nothing' ? reading.search : undefined;
      if (reading.kind !== 'bytes') return;
      this.take(reading);
    }
  }

  /** What a restart finds in the log's headers. */
  restart(): void {
    const identity = this.position.identity && parseIdentity(formatIdentity(this.position.identity));
    this.position = { ...this.position, identity, unproven: this.position.generation !== undefined };
    this.search = undefined;
  }

  newest(): string {
    const generation = this.facts.at(-1)?.generation;
    return this.facts
      .filter((fact) => fact.generation === generation)
      .map(({ text }) => text)
      .join('');
  }

  private take({ generation, from, to, identity, tail, part, bytes }: FreshBytes): void {
    this.facts.push({ generation, from, to, text: Buffer.from(bytes).toString('latin1') });
    const unfinished = part && part.k < part.n ? part : undefined;
    const sequence = this.position.sequence + 1;
    this.position = { ...beginning, sequence, generation, offset: to, identity, tail, part: unfinished };
  }
}

function expectContiguous(facts: Reader['facts']): void {
  const ends = new Map<string, number>();
  for (const { generation, from, to, text } of facts) {
    expect(from).toBe(ends.get(generation) ?? 0);
    expect(to - from).toBe(text.length);
    ends.set(generation, to);
  }
}

const chunk = fc.string({ unit: fc.constantFrom('a', 'b', '"', '\n', '\0'), minLength: 1, maxLength: 60 });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('append' as const), text: chunk }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('truncate' as const),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rewrite' as const), text: chunk }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('replace' as const), text: chunk }) },
);

test('whatever happens to a file, its newest generation holds its whole lines, and no generation has a gap', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12 }),
      fc.integer({ min: 1, max: 40 }),
      async (steps, room) => {
        const path = join(folder, `${run++}.jsonl`);
        let content = '';
        const reader = new Reader(path, room);
        await writeFile(path, content);
        for (const now of steps) {
          if (now.kind === 'append') await appendFile(path, now.text);
          if (now.kind === 'truncate') await truncate(path, Math.floor(now.share * content.length));
          if (now.kind === 'rewrite') await writeFile(path, now.text);
          if (now.kind === 'replace') {
            await writeFile(`${path}.new`, now.text);
            await rename(`${path}.new`, path);
          }
          if (now.kind === 'append') content += now.text;
          else if (now.kind === 'truncate')
            content = content.slice(0, Math.floor(now.share * content.length));
          else if (now.kind === 'restart') reader.restart();
          else content = now.text;
          await reader.readAll();
          const wholeLines = content.slice(0, content.lastIndexOf('\n') + 1);
          if (wholeLines !== '') expect(reader.newest()).toBe(wholeLines);
        }
        expectContiguous(reader.facts);
      },
    ),
    { numRuns: 150 },
  );
});

test('appends continue the generation; a file that is gone is said to be', async () => {
  const path = join(folder, 'a.jsonl');
  const reader = new Reader(path, 16);
  await writeFile(path, 'one\n');
  await reader.readAll();
  reader.restart();
  await appendFile(path, 'two\nhalf');
  await reader.readAll();
  await appendFile(path, ' and a line that is longer than a fact may be\n');
  await reader.readAll();
  expect(new Set(reader.facts.map(({ generation }) => generation)).size).toBe(1);
  expect(reader.newest()).toBe('one\ntwo\nhalf and a line that is longer than a fact may be\n');
  await rm(path);
  expect(
    await readLines({ path, local: true, position: reader.position, room: 16, search: undefined }),
  ).toEqual({
    kind: 'gone',
  });
});

test('the search for the end of a long line goes on where it stopped, unless the file is another one', async () => {
  const path = join(folder, 'a.jsonl');
  const read = (search?: LineSearch) =>
    readLines({ path, local: true, position: beginning, room: 10, search });
  await writeFile(path, 'x'.repeat(100));
  const first = await read();
  if (first.kind !== 'nothing') throw new Error('there is no whole line yet');
  expect(first.search?.to).toBe(100);
  await appendFile(path, `${'x'.repeat(50)}\n`);
  expect(await read(first.search)).toMatchObject({
    kind: 'bytes',
    from: 0,
    to: 10,
    part: { k: 1, n: 16, size: 10 },
  });
  await writeFile(path, `short\n${'y'.repeat(100)}`);
  expect(await read(first.search)).toMatchObject({ kind: 'bytes', from: 0, to: 6, part: undefined });

  // Another watcher's facts moved the position back: what was searched lies behind it, whole lines before it.
  await writeFile(path, `short\n${'y'.repeat(100)}`);
  const behind = {
    from: 6,
    to: 106,
    inode: (await stat(path)).ino,
    tail: fingerprint(Buffer.from(`short\n${'y'.repeat(100)}`)),
  };
  expect(await read(behind)).toMatchObject({ kind: 'bytes', from: 0, to: 6 });
});
