import * as fc from 'fast-check';
import { decodeSource, MemoryReadModel, testDecoderLaws, type SourceFile } from '../../testing';
import { viewOf } from '../../projecting';
import { uiTestDecoder } from './decoder';
import { filesOf, finalReport, picturesOf, testRun, testRunCorpus, type TestRun } from './testing/test-runs';

const now = Date.UTC(2100, 0, 1);

function sessions(files: readonly SourceFile[]) {
  const model = new MemoryReadModel();
  for (const file of files) {
    const { observations, outcomes } = decodeSource(uiTestDecoder, file);
    expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
    model.apply(observations, 'ui-test');
  }
  return [...model.sessions.values()].map((state) => viewOf(state, now));
}

/** What a run comes to, counted from the plan it was made of. */
function expected({ steps, issues, answers, usage, passes }: TestRun) {
  const ended = passes !== null;
  return {
    toolCalls: steps.length,
    toolErrors: steps.filter(({ success }) => !success).length,
    errors: ended ? issues.length : 0,
    messages: ended ? answers.length : 0,
    input: ended ? (usage?.input ?? 0) : 0,
    output: ended ? (usage?.output ?? 0) : 0,
  };
}

function totals(files: readonly SourceFile[]) {
  const sum = { toolCalls: 0, toolErrors: 0, errors: 0, messages: 0, input: 0, output: 0 };
  for (const { summary } of sessions(files)) {
    const { stats } = summary;
    sum.toolCalls += stats.toolCalls;
    sum.toolErrors += stats.toolErrors;
    sum.errors += stats.errors;
    sum.messages += stats.messages;
    sum.input += stats.tokens.input;
    sum.output += stats.tokens.output;
  }
  return sum;
}

describe('laws of the test run decoder', () => {
  testDecoderLaws({ decoder: uiTestDecoder, corpus: testRunCorpus });

  it('counts each run once, also where its folder was copied to another host', () => {
    fc.assert(
      fc.property(testRun, (run) => {
        // Without a step and a precise name nothing tells a copy from another run of that second.
        fc.pre(/\d{13}/.test(run.folder) || run.steps.length > 0);
        expect(totals([...filesOf(run), ...filesOf({ ...run, host: 'zz-copy' })])).toEqual(expected(run));
      }),
      { numRuns: 100 },
    );
  });

  it('shows a run as its last report says, whatever arrives in which order', () => {
    fc.assert(
      fc.property(
        testRun.chain((run) =>
          fc.tuple(fc.constant(run), fc.shuffledSubarray(filesOf(run), { minLength: filesOf(run).length })),
        ),
        ([run, files]) => {
          const [view] = sessions(files);
          const status = run.passes === null ? 'running' : run.passes ? 'completed' : 'failed';
          expect(view?.summary).toMatchObject({
            id: `${run.folder}@${run.host}`,
            nativeId: run.folder,
            status,
            startedAt: new Date(run.startedAt).toISOString(),
          });
          expect(view?.summary.stats.screenshots).toBe(picturesOf(run).length);
          expect(view?.summary.endedAt).toBe(
            run.passes === null ? null : (finalReport(run) as { timestamp: string }).timestamp,
          );
        },
      ),
      { numRuns: 100 },
    );
  });

  it('finds the full text of all it told, in the line it told it of', () => {
    fc.assert(
      fc.property(testRun, (run) => {
        for (const file of filesOf(run)) {
          for (const one of decodeSource(uiTestDecoder, file).observations) {
            if (!('key' in one)) continue;
            const full = uiTestDecoder.fullText(file.lines[one.place.line] ?? '', one.key);
            if (one.type === 'tool-use') expect(JSON.parse(full?.input ?? '')).toEqual(JSON.parse(one.input));
            else if (one.type === 'tool-result') expect(full?.result).toContain(one.preview);
            else if (one.type === 'error') expect(full?.text).toBe(one.message);
            else if ('preview' in one) expect(full?.text).toContain(one.preview);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
