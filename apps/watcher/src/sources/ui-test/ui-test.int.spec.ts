import { createHash } from 'node:crypto';
import { appendFile, mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { bytesChunkBytes, bytesStreamName, bytesSubject, factsStreamName } from '@telltale/contracts';
import { createLogger, ensureBytesStream, ensureFactsStream } from '@telltale/platform';
import { eventually, testPicture } from '@telltale/platform/testing';
import type { ReadFact } from '../../testing/facts';
import { testHost, workbench, type Workbench } from '../../testing/watching';
import { uiTestSource } from './ui-test-source';

const limitBytes = 900_000;
const name = 'session_1762316690033';
let bench: Workbench;
let root: string;
let run: string;
let said: string[];

beforeEach(async () => {
  bench = await workbench();
  await ensureBytesStream(bench.connection);
  root = join(bench.root, 'results');
  run = join(root, name);
  said = [];
  await mkdir(root, { recursive: true });
});
afterEach(() => bench.close());

const watch = () =>
  bench.watch({
    sources: [uiTestSource({ roots: [root], screenshotLimitBytes: limitBytes })],
    logger: createLogger('watcher', { write: (line) => void said.push(line) }),
  });

const factsOf = async (path: string): Promise<ReadFact[]> =>
  (await bench.facts()).filter(({ attributes }) => attributes.path === path);
const linesOf = async (path: string): Promise<unknown[]> =>
  (await factsOf(path)).map(({ body }) => JSON.parse(body.toString()) as unknown);
const typesOf = async (path: string) =>
  (await factsOf(path)).map(({ attributes }) => attributes.type.split('.').slice(1, 3).join('.'));
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** What the byte stream holds under a hash, put together; undefined where a chunk is missing. */
async function storedBytes(hash: string, bytes: number): Promise<Buffer | undefined> {
  const { direct } = await jetstreamManager(bench.connection);
  const chunks: Uint8Array[] = [];
  for (let chunk = 0; chunk * bytesChunkBytes < bytes; chunk++) {
    const subject = bytesSubject({ host: testHost, sha256: hash, chunk });
    const message = await direct.getMessage(bytesStreamName, { last_by_subj: subject });
    if (message === null) return undefined;
    chunks.push(message.data);
  }
  return Buffer.concat(chunks);
}

const storedChunks = async () =>
  (await (await jetstreamManager(bench.connection)).streams.info(bytesStreamName)).state.messages;

/** A picture is in the log: its bytes first, then the fact that tells of them. */
async function holdsPicture(path: string, bytes: Buffer): Promise<void> {
  await eventually(async () => {
    expect((await linesOf(path)).at(-1)).toMatchObject({ sha256: sha256(bytes), bytes: bytes.length });
  });
  expect((await storedBytes(sha256(bytes), bytes.length))?.equals(bytes)).toBe(true);
}

async function newPicture(filename: string, bytes: Buffer | string): Promise<string> {
  await mkdir(join(run, 'screenshots'), { recursive: true });
  const path = join(run, 'screenshots', filename);
  await writeFile(path, bytes);
  return path;
}

test('a folder is told of as soon as it is there, once; its report each time it is whole', async () => {
  await watch();
  await mkdir(join(run, 'logs'), { recursive: true });
  await writeFile(join(run, 'logs', 'console.log'), 'noise\n');
  await eventually(async () =>
    expect(await linesOf(run)).toEqual([
      { element: 'run', value: { folder: name, createdAt: expect.any(Number) as number } },
    ]),
  );
  const report = join(run, 'output.json');
  await writeFile(report, '{"status": "pass"');
  await appendFile(report, ', "issues": []}');
  await eventually(async () => expect(await linesOf(report)).toEqual([{ status: 'pass', issues: [] }]));
  await writeFile(report, '{"status": "fail", "test_duration": 13}');
  await eventually(async () => expect((await linesOf(report)).at(-1)).toMatchObject({ test_duration: 13 }));
  expect(await typesOf(run)).toEqual(['file.replaced']);
  const partitions = new Set((await bench.facts()).map(({ subject }) => subject.split('.')[2]));
  expect(partitions.size).toBe(1);
  expect((await bench.facts()).some(({ attributes }) => attributes.path.includes('logs'))).toBe(false);
});

test('a picture is told of when its last byte is there, its bytes before the fact', async () => {
  const bytes = testPicture(1, { width: 640, height: 400 });
  await watch();
  const path = await newPicture('baseline_2025-11-05T04-24-54.png', bytes.subarray(0, 300_000));
  await writeFile(join(run, 'output.json'), '{}');
  await eventually(async () => expect(await linesOf(join(run, 'output.json'))).toEqual([{}]));
  expect(await factsOf(path)).toEqual([]);
  await appendFile(path, bytes.subarray(300_000));
  await holdsPicture(path, bytes);
  expect(await linesOf(path)).toEqual([
    {
      filename: 'baseline_2025-11-05T04-24-54.png',
      bytes: bytes.length,
      modifiedAt: expect.any(Number) as number,
      sha256: sha256(bytes),
      mediaType: 'image/png',
      width: 640,
      height: 400,
    },
  ]);
  expect(await typesOf(path)).toEqual(['attachment.added']);
  expect(await storedChunks()).toBe(Math.ceil(bytes.length / bytesChunkBytes));
});

test('the same picture again is stored once, another of its name beside it', async () => {
  const bytes = testPicture(2, { width: 400, height: 300 });
  await watch();
  const [a, b] = [await newPicture('a.png', bytes), await newPicture('b.png', bytes)];
  await holdsPicture(a, bytes);
  await holdsPicture(b, bytes);
  const chunks = await storedChunks();
  expect(chunks).toBe(Math.ceil(bytes.length / bytesChunkBytes));

  await utimes(a, new Date(), new Date()); // touched, not changed
  const other = testPicture(3);
  await writeFile(b, other);
  await holdsPicture(b, other);
  expect(await storedChunks()).toBe(chunks + 1);
  expect(await linesOf(a)).toHaveLength(1);
  const generations = (await factsOf(b)).map(({ attributes }) => attributes.generation);
  expect(new Set(generations).size).toBe(2);
});

test('what is too large or no picture is said in one line, and its neighbours are not', async () => {
  await watch();
  const huge = await newPicture('huge.png', testPicture(4, { width: 700, height: 500 }));
  const page = await newPicture('page.png', '<html>not a picture</html>');
  const bytes = testPicture(5);
  await holdsPicture(await newPicture('fine.png', bytes), bytes);
  await eventually(async () => {
    expect(await linesOf(huge)).toMatchObject([
      { element: 'screenshots/huge.png', value: { refused: 'too-large', limitBytes } },
    ]);
    expect(await linesOf(page)).toMatchObject([
      { element: 'screenshots/page.png', value: { refused: 'not-an-image', bytes: 26 } },
    ]);
  });
  await appendFile(huge, 'more');
  await writeFile(page, 'another text');
  const last = testPicture(6);
  await writeFile(page, last);
  await holdsPicture(page, last);
  expect(await linesOf(huge)).toHaveLength(1);
  const complaints = said.filter((line) => line.includes('left out'));
  expect(complaints).toHaveLength(2);
  expect(complaints.join()).toMatch(
    /TELLTALE_SCREENSHOT_LIMIT.*huge\.png|huge\.png.*TELLTALE_SCREENSHOT_LIMIT/s,
  );
});

test('a restart and a second watcher publish nothing anew; what came meanwhile is found', async () => {
  const bytes = testPicture(7);
  const first = await watch();
  const path = await newPicture('a.png', bytes);
  const page = await newPicture('page.png', 'no picture');
  await writeFile(join(run, 'output.json'), '{"status":"pass"}');
  await holdsPicture(path, bytes);
  await eventually(async () => expect(await linesOf(page)).toHaveLength(1));
  await eventually(async () => expect(await linesOf(join(run, 'output.json'))).toHaveLength(1));
  await eventually(async () => expect(await linesOf(run)).toHaveLength(1));
  const before = (await bench.facts()).length;
  await first.stop();

  const again = await watch();
  const beside = await watch();
  for (const { watcher } of [again, beside])
    await eventually(() => expect(watcher.backfill()).toMatchObject({ done: true }));
  expect(await bench.facts()).toHaveLength(before);
  const later = testPicture(8);
  const path2 = await newPicture('b.png', later);
  await holdsPicture(path2, later);
  await eventually(() => {
    for (const { watcher } of [again, beside]) expect(watcher.registry.bytesBehind()).toBe(0);
  });
  expect(await linesOf(path2)).toHaveLength(1);
  expect(said.filter((line) => line.includes('left out'))).toHaveLength(1);
});

test('a folder that goes is said to be removed with all its files; one that comes back is told of again', async () => {
  await watch();
  const bytes = testPicture(9);
  const path = await newPicture('a.png', bytes);
  await holdsPicture(path, bytes);
  await eventually(async () => expect(await linesOf(run)).toHaveLength(1));
  await rm(run, { recursive: true });
  await eventually(async () => {
    expect(await typesOf(run)).toEqual(['file.replaced', 'file.removed']);
    expect(await typesOf(path)).toEqual(['attachment.added', 'file.removed']);
  });
  const again = testPicture(10);
  await newPicture('a.png', again);
  await holdsPicture(path, again);
  await eventually(async () => expect((await typesOf(run)).at(-1)).toBe('file.replaced'));
});

test('folders that were removed while nobody watched are said to be so', async () => {
  await bench.tellHeads();
  const first = await watch();
  const bytes = testPicture(11);
  const path = await newPicture('a.png', bytes);
  await holdsPicture(path, bytes);
  await eventually(async () => expect(await linesOf(run)).toHaveLength(1));
  await first.stop();
  await rename(run, join(bench.root, 'elsewhere'));
  await watch();
  await eventually(async () => {
    expect((await typesOf(run)).at(-1)).toBe('file.removed');
    expect((await typesOf(path)).at(-1)).toBe('file.removed');
  });
});

test('pictures that cannot be stored hold up no facts', async () => {
  const { streams } = await jetstreamManager(bench.connection);
  await streams.delete(bytesStreamName);
  await watch();
  const pictures = Array.from({ length: 80 }, (_, n) => testPicture(n));
  const paths = await Promise.all(pictures.map((bytes, n) => newPicture(`p${n}.png`, bytes)));
  await writeFile(join(run, 'output.json'), '{"status":"pass"}');
  await eventually(async () => expect(await linesOf(join(run, 'output.json'))).toHaveLength(1));
  expect(await factsOf(paths[0] ?? '')).toEqual([]);
  await ensureBytesStream(bench.connection);
  await eventually(
    async () => {
      const told = (await bench.facts()).filter(
        ({ attributes }) => attributes.type === 'telltale.attachment.added.v1',
      );
      expect(told).toHaveLength(pictures.length);
    },
    { everyMs: 250 },
  );
});

test('after the loss of the log the bytes are brought again with the facts', async () => {
  await watch();
  const bytes = testPicture(12);
  const path = await newPicture('a.png', bytes);
  await writeFile(join(run, 'output.json'), '{"status":"pass"}');
  await holdsPicture(path, bytes);
  await eventually(async () => expect(await linesOf(join(run, 'output.json'))).toHaveLength(1));
  const { streams } = await jetstreamManager(bench.connection);
  for (const stream of [factsStreamName, bytesStreamName]) await streams.delete(stream);
  await ensureBytesStream(bench.connection);
  await ensureFactsStream(bench.connection);
  await writeFile(join(run, 'output.json'), '{"status":"fail"}'); // finds out
  await holdsPicture(path, bytes);
  await eventually(async () => expect(await linesOf(run)).toHaveLength(1));
});
