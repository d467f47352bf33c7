import { countSlowly, corpus, testRoot, type TranscriptFile } from '@telltale/domain/testing';
import * as fc from 'fast-check';
import { IngestStack } from './testing/ingest-stack';
import { LogWriter } from './testing/log-writer';
import { shownInDatabase, shownInMemory } from './testing/shown';

type Happening = 'nothing' | 'restart one' | 'start two' | 'stop two';
interface Step {
  readonly file: number;
  readonly lines: number;
  readonly happening: Happening;
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    file: fc.nat(20),
    lines: fc.integer({ min: 1, max: 12 }),
    happening: fc.oneof(
      { weight: 12, arbitrary: fc.constant<Happening>('nothing') },
      { weight: 1, arbitrary: fc.constantFrom<Happening>('restart one', 'start two', 'stop two') },
    ),
  }),
  { minLength: 8, maxLength: 40 },
);

const bytesOf = (lines: readonly string[]) => Buffer.from(lines.map((line) => `${line}\n`).join(''));
const pathOf = (file: TranscriptFile) => `${testRoot}/${file.path}`;

describe('the laws of the projection, on a real log', () => {
  let stack: IngestStack;

  beforeAll(async () => {
    stack = await IngestStack.start();
  });
  afterAll(() => stack?.stop());

  /** Takes turns among the files as the steps say, while replicas come and go. */
  async function writeInSteps(files: readonly TranscriptFile[], plan: readonly Step[]): Promise<void> {
    const log = new LogWriter(stack.nats, 'test');
    const rest = files.map((file) => ({ path: pathOf(file), lines: [...file.lines] }));
    for (let n = 0; rest.some(({ lines }) => lines.length > 0); n++) {
      const open = rest.filter(({ lines }) => lines.length > 0);
      const step = plan[n % plan.length]!;
      const file = open[step.file % open.length]!;
      await log.append(testRoot, file.path, bytesOf(file.lines.splice(0, step.lines)));
      if (n < plan.length) await happen(step.happening);
    }
  }

  async function happen(happening: Happening): Promise<void> {
    switch (happening) {
      case 'restart one':
        await stack.stopIngest('one');
        await stack.startIngest('one');
        return;
      case 'start two':
        await stack.stopIngest('two');
        await stack.startIngest('two');
        return;
      case 'stop two':
        return stack.stopIngest('two');
      case 'nothing':
        return;
    }
  }

  async function writeWhole(files: readonly TranscriptFile[]): Promise<void> {
    const log = new LogWriter(stack.nats, 'test');
    for (const file of files) await log.append(testRoot, pathOf(file), bytesOf(file.lines));
  }

  const quarantined = async () => {
    const { rows } = await stack.pool.query<{ count: number }>('select count(*)::int from quarantine');
    return rows[0]?.count;
  };

  it('chunks, order, restarts and replicas change nothing; nor do duplicates and a log filled again', async () => {
    await fc.assert(
      fc.asyncProperty(corpus, steps, async (files, plan) => {
        await stack.beginAnew();
        await stack.startIngest('one');
        await writeInSteps(files, plan);
        await stack.caughtUp();
        const expected = shownInMemory(files);
        expect(await shownInDatabase(stack.pool)).toEqual(expected);
        expect(await quarantined()).toBe(countSlowly(files).malformed);

        await writeWhole(files);
        await stack.caughtUp();
        expect(await shownInDatabase(stack.pool)).toEqual(expected);

        await stack.stopAllIngests();
        await stack.wipeLog();
        await writeWhole([...files].reverse());
        await stack.startIngest('one');
        await stack.caughtUp();
        expect(await shownInDatabase(stack.pool)).toEqual(expected);
        expect(await quarantined()).toBe(countSlowly(files).malformed);
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });

  it('agrees with a slow count of the raw lines', async () => {
    await fc.assert(
      fc.asyncProperty(corpus, async (files) => {
        await stack.beginAnew();
        await stack.startIngest('one');
        await writeWhole(files);
        await stack.caughtUp();
        const { rows } = await stack.pool.query<{
          id: string;
          prompts: number;
          messages: number;
          calls: number;
        }>(
          `select id, (summary -> 'stats' ->> 'prompts')::int as prompts, messages, tool_calls as calls from session`,
        );
        const counted = new Map(rows.map(({ id, ...counts }) => [id, counts]));
        for (const [id, { prompts, messages, toolCalls }] of countSlowly(files).sessions)
          expect({ id, ...counted.get(id) }).toEqual({ id, prompts, messages, calls: toolCalls });
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });

  it('notices that the log was made anew while it runs', async () => {
    const [files] = fc.sample(corpus, { numRuns: 1, seed: 7 });
    await stack.beginAnew();
    await stack.startIngest('one');
    await writeWhole(files!);
    await writeWhole(files!);
    await stack.caughtUp();
    const once = await shownInDatabase(stack.pool);
    await stack.wipeLog();
    // Fewer facts than before: a consumer that went on from its old sequence would never see them.
    const more = { path: files![0]!.path, lines: [promptLine(files![0]!)] };
    await new LogWriter(stack.nats, 'test').append(testRoot, pathOf(more), bytesOf(more.lines));
    await stack.caughtUp(30_000);
    const then = await shownInDatabase(stack.pool);
    expect(then.items).toHaveLength(once.items.length + 1);
  });
});

function promptLine({ path }: TranscriptFile): string {
  return JSON.stringify({
    type: 'user',
    uuid: 'a-new-prompt',
    sessionId: /([^/]+)\.jsonl$/.exec(path)?.[1],
    timestamp: '2026-03-02T09:00:00.000Z',
    cwd: '/home/dev/shop',
    message: { role: 'user', content: 'and now?' },
  });
}
