import { jetstreamManager } from '@nats-io/jetstream';
import { bytesStreamName, type Session } from '@telltale/contracts';
import { ensureBytesStream } from '@telltale/platform';
import { eventually, testPicture } from '@telltale/platform/testing';
import { IngestStack } from './testing/ingest-stack';
import { sha256, TestRunWriter } from './testing/test-run-writer';

/** Two chunks. */
const picture = testPicture(1, { width: 400, height: 300 });

describe('screenshots of test runs', () => {
  let stack: IngestStack;
  let n = 0;
  let run: TestRunWriter;

  beforeAll(async () => {
    stack = await IngestStack.start();
    await stack.startIngest();
  });
  afterAll(() => stack.stop());
  beforeEach(() => {
    run = new TestRunWriter(stack.nats, `session_17623166900${String(33 + n++)}`);
  });

  async function shown(): Promise<{ row: Session | undefined; pictures: Record<string, unknown>[] }> {
    const { rows } = await stack.pool.query<{ summary: Session; detail: Session }>(
      'select summary, detail from session where id = $1',
      [run.sessionId],
    );
    const pictures = await stack.pool.query<Record<string, unknown>>(
      'select filename, sha256, media_type, bytes::int, host, chunks from screenshot where session_id = $1 order by filename',
      [run.sessionId],
    );
    return { row: rows[0] && { ...rows[0].summary, ...rows[0].detail }, pictures: pictures.rows };
  }
  const reasons = async () =>
    (
      await stack.pool.query<{ reason: string; path: string }>(
        "select reason, path from quarantine where source = 'ui-test' and path like $1 order by sequence",
        [`%${run.folder}%`],
      )
    ).rows.map(({ path, reason }) => `${path.split('/').at(-1)}: ${reason}`);

  it('are shown and can be found with their bytes, and lead the run on', async () => {
    const deltas = stack.recordDeltas();
    await run.begin();
    await run.store(picture);
    await run.tell('baseline_2025-11-05T04-24-54.png', picture);
    await stack.caughtUp();
    const { row, pictures } = await shown();
    expect(row).toMatchObject({
      id: run.sessionId,
      status: 'running',
      phase: 'baseline',
      stats: { screenshots: 1 },
    });
    expect(row?.screenshots).toMatchObject([
      {
        filename: 'baseline_2025-11-05T04-24-54.png',
        label: 'baseline',
        bytes: picture.length,
        width: 32,
        height: 20,
      },
    ]);
    expect(pictures).toEqual([
      {
        filename: 'baseline_2025-11-05T04-24-54.png',
        sha256: sha256(picture),
        media_type: 'image/png',
        bytes: picture.length,
        host: 'atlas',
        chunks: 2,
      },
    ]);
    await eventually(() => {
      const told = deltas.filter(({ room }) => room === `session:${run.sessionId}`);
      expect(told.flatMap(({ changes }) => changes?.screenshots ?? [])).toEqual(row?.screenshots);
    });
  });

  it('are told of one by one, each delta those it adds', async () => {
    const deltas = stack.recordDeltas();
    const told = () =>
      deltas.filter(({ room }) => room === `session:${run.sessionId}`).map(({ changes }) => changes);
    const added = () =>
      told()
        .flatMap((changes) => changes?.screenshots ?? [])
        .map(({ filename }) => filename);
    await run.begin();
    await run.store(picture);
    await run.tell('a.png', picture);
    // By itself in one delta before the second is stored: what is told at once may come as one.
    await eventually(() => expect(added()).toEqual(['a.png']));
    const second = testPicture(2);
    await run.store(second);
    await run.tell('b.png', second);
    await run.report({
      timestamp: new Date().toISOString(),
      status: 'fail',
      test_duration: 3,
      issues: ['broken'],
    });
    await stack.caughtUp();
    await eventually(() => {
      expect(added()).toEqual(['a.png', 'b.png']);
      expect(told().at(-1)).toMatchObject({ status: 'failed', test: { result: 'fail' } });
    });
    expect((await shown()).row?.screenshots.map(({ filename }) => filename)).toEqual(['a.png', 'b.png']);
  });

  it('of which bytes are missing or others go to quarantine with the reason, and harm no neighbour', async () => {
    const [absent, half, forged, short] = [10, 11, 12, 13].map((seed) =>
      testPicture(seed, { width: 400, height: 300 }),
    );
    await run.begin();
    await run.tell('absent.png', absent as Buffer);
    await run.store(half as Buffer, { without: [1] });
    await run.tell('half.png', half as Buffer);
    await run.store(testPicture(99, { width: 400, height: 300 }), { under: sha256(forged as Buffer) });
    await run.tell('forged.png', forged as Buffer, {
      bytes: testPicture(99, { width: 400, height: 300 }).length,
    });
    await run.store((short as Buffer).subarray(0, 300_000), { under: sha256(short as Buffer) });
    await run.tell('short.png', short as Buffer);
    await run.tell('text.png', picture, { mediaType: 'text/html' });
    await run.tell('marked.png', testPicture(14), {}, { before: '\uFEFF' });
    await run.store(picture);
    await run.tell('fine.png', picture);
    await stack.caughtUp();
    expect((await shown()).row?.screenshots.map(({ filename }) => filename)).toEqual(['fine.png']);
    expect((await shown()).pictures.map(({ filename }) => filename)).toEqual(['fine.png']);
    expect(await reasons()).toEqual([
      'absent.png: chunk 1 of 2 of its bytes is not in the byte stream',
      'half.png: chunk 2 of 2 of its bytes is not in the byte stream',
      'forged.png: its bytes are not those that its hash names',
      'short.png: chunk 2 of 2 of its bytes has 37856 bytes',
      expect.stringMatching(/^text.png: attachment: mediaType: /) as string,
      'marked.png: chunk 1 of 1 of its bytes is not in the byte stream',
    ]);
  });

  it('of one name are the one told of last', async () => {
    const newer = testPicture(20);
    await run.begin();
    await run.store(picture);
    await run.tell('a.png', picture, { modifiedAt: 1762316694000 });
    await stack.caughtUp();
    const before = (await shown()).row?.screenshots[0];
    await run.store(newer);
    await run.tell('a.png', newer, { modifiedAt: 1762316695000 });
    await stack.caughtUp();
    const { row, pictures } = await shown();
    expect(pictures).toMatchObject([{ sha256: sha256(newer) }]);
    expect(row?.screenshots).toMatchObject([{ id: before?.id, bytes: newer.length }]);
    expect(row?.screenshots[0]?.url).not.toBe(before?.url);
  });

  it('go to quarantine and stop nothing while there is no byte stream', async () => {
    await (await jetstreamManager(stack.nats)).streams.delete(bytesStreamName);
    await run.begin();
    await run.tell('a.png', picture);
    await run.report({ timestamp: '2025-11-05T04:25:07.567Z', test_duration: 13, status: 'pass' });
    await stack.caughtUp();
    expect((await shown()).row).toMatchObject({ status: 'completed', screenshots: [] });
    expect(await reasons()).toEqual(['a.png: the byte stream is not there']);
    await ensureBytesStream(stack.nats);
  });
});
