import * as fc from 'fast-check';
import { stableHash } from '@telltale/contracts';
import type { SourceFile } from '../../../testing/source-file';

/** A run as its tool goes through it; everything it writes follows from this. */
export interface TestRun {
  readonly folder: string;
  readonly host: string;
  readonly url: string;
  readonly config: string | null;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly steps: readonly TestStep[];
  readonly issues: readonly { readonly type: string; readonly description: string }[];
  readonly answers: readonly string[];
  readonly usage: {
    readonly calls: number;
    readonly input: number;
    readonly output: number;
    readonly cost: number;
  } | null;
  /** Null: it has not come to its end. */
  readonly passes: boolean | null;
}

export interface TestStep {
  readonly action: string;
  readonly target: string | null;
  readonly ms: number;
  readonly success: boolean;
  /** A picture is taken after it. */
  readonly pictured: boolean;
}

export const testRunRoot = '/srv/shop/results';

/** When the step with this number is done, epoch milliseconds. */
export function doneAt({ startedAt, steps }: TestRun, step: number): number {
  return steps.slice(0, step + 1).reduce((at, { ms }) => at + ms, startedAt + 4000);
}

const iso = (at: number) => new Date(at).toISOString();

/** Written as the run begins: it says `pass` already. */
export function placeholder({ url, config, startedAt }: TestRun): object {
  return {
    url,
    ...(config === null ? {} : { config_path: config }),
    timestamp: iso(startedAt),
    status: 'pass',
    playability_score: 0,
    issues: [],
    screenshots: [],
  };
}

/** Rewritten after each of its steps. */
export function reportAfter(run: TestRun, steps: number): object {
  const action_timings = run.steps.slice(0, steps).map(({ action, target, ms, success }, actionIndex) => ({
    actionIndex,
    executionTime: ms,
    timestamp: iso(doneAt(run, actionIndex)),
    success,
    action,
    ...(target === null ? {} : { target }),
  }));
  return { ...placeholder(run), action_timings };
}

/** Written at the end. */
export function finalReport(run: TestRun): object {
  const endedAt = doneAt(run, run.steps.length) + 1500;
  const {
    url: _,
    timestamp: __,
    ...steps
  } = reportAfter(run, run.steps.length) as { url: string; timestamp: string };
  return {
    url: run.url,
    timestamp: iso(endedAt),
    test_duration: Math.round((endedAt - run.startedAt) / 1000),
    ...steps,
    status: run.passes ? 'pass' : 'fail',
    playability_score: 0.75,
    evaluation: { heuristic_score: 0.5, llm_score: 1, final_score: 0.75, llm_issues: ['dim'] },
    issues: run.issues.map((issue) => ({ ...issue, timestamp: iso(endedAt - 700), actionIndex: 0 })),
    screenshots: picturesOf(run).map(({ filename }) => filename),
    screenshot_metadata: picturesOf(run).map(({ filename, at, label, step }) => ({
      filename,
      path: `${testRunRoot}/${run.folder}/screenshots/${filename}`,
      timestamp: iso(at),
      label,
      stepIndex: step,
    })),
    action_methods: { cua: 1, dom: run.steps.length, none: 0 },
    agent_responses: run.answers.map((message) => ({ message, stepsExecuted: 3, success: true })),
    ...(run.usage === null ? {} : { llm_usage: usageOf(run.usage) }),
  };
}

function usageOf({ calls, input, output, cost }: NonNullable<TestRun['usage']>): object {
  return {
    totalCalls: calls,
    totalInputTokens: input,
    totalOutputTokens: output,
    totalTokens: input + output,
    estimatedCost: cost,
  };
}

export interface TestPicture {
  readonly filename: string;
  readonly at: number;
  readonly label: string;
  readonly step: number;
}

/** One before the first step, and one after each that says so. */
export function picturesOf(run: TestRun): TestPicture[] {
  const named = (label: string, at: number, step: number): TestPicture => ({
    filename: `${label}_${iso(at).slice(0, 19).replaceAll(':', '-')}.png`,
    at,
    label,
    step,
  });
  return [
    named('baseline', run.startedAt + 3900, -1),
    ...run.steps.flatMap(({ pictured }, n) =>
      pictured ? [named(`action_${n}`, doneAt(run, n) + 50, n)] : [],
    ),
  ];
}

function file(run: TestRun, name: string, fact: SourceFile['fact'], lines: readonly object[]): SourceFile {
  const path = `${testRunRoot}/${run.folder}${name}`;
  return {
    source: 'ui-test',
    host: run.host,
    root: testRunRoot,
    path,
    fact,
    lines: lines.map((line) => JSON.stringify(line)),
  };
}

/** The run's facts, a file each: its folder, its report as often as it was written, its pictures. */
export function filesOf(run: TestRun): SourceFile[] {
  const written = [placeholder(run), ...run.steps.map((_, n) => reportAfter(run, n + 1))];
  const reports = run.passes === null ? written : [...written, finalReport(run)];
  const value = { folder: run.folder, createdAt: run.startedAt + 100_000 };
  return [
    file(run, '', 'file.replaced', [{ element: 'run', value }]),
    file(run, '/output.json', 'file.appended', reports),
    ...picturesOf(run).map(({ filename, at }) =>
      file(run, `/screenshots/${filename}`, 'attachment.added', [
        {
          filename,
          sha256: stableHash(filename).repeat(4),
          mediaType: 'image/png',
          bytes: 2048,
          width: 320,
          height: 200,
          modifiedAt: at,
        },
      ]),
    ),
  ];
}

const step: fc.Arbitrary<TestStep> = fc.record({
  action: fc.constantFrom('click', 'press', 'wait', 'screenshot', 'agent', 'observe'),
  target: fc.option(
    fc.oneof(fc.constantFrom('Play', 'the first empty cell'), fc.string({ unit: 'binary', maxLength: 20 })),
  ),
  ms: fc.integer({ min: 1, max: 20_000 }),
  success: fc.nat(5).map((n) => n > 0),
  pictured: fc.boolean(),
});

const stamp = fc.oneof(
  fc.integer({ min: 1_760_000_000_000, max: 1_790_000_000_000 }).map((at) => ({ at, name: `session_${at}` })),
  fc.integer({ min: 1_760_000_000, max: 1_790_000_000 }).map((seconds) => {
    const at = seconds * 1000;
    return { at, name: `session_${iso(at).slice(0, 19).replaceAll(':', '-')}` };
  }),
);

export const testRun: fc.Arbitrary<TestRun> = fc
  .record({
    stamp,
    host: fc.constantFrom('atlas', 'build.host-1'),
    url: fc.constantFrom(
      'https://games.example.test/tic-tac-toe/',
      'https://games.example.test/pong?level=2',
    ),
    config: fc.option(fc.constant('configs/pong.json')),
    steps: fc.array(step, { maxLength: 5 }),
    issues: fc.uniqueArray(
      fc.record({
        type: fc.constantFrom('load_timeout', 'action_failed', 'selector_not_found'),
        description: fc.string({ unit: 'binary', maxLength: 30 }),
      }),
      { maxLength: 3, selector: ({ type, description }) => `${type} ${description}` },
    ),
    answers: fc.array(fc.string({ minLength: 1, maxLength: 40 }), { maxLength: 2 }),
    usage: fc.option(
      fc.record({
        calls: fc.nat(20),
        input: fc.integer({ min: 1, max: 50_000 }),
        output: fc.nat(5000),
        cost: fc.double({ min: 0.000001, max: 2, noNaN: true }),
      }),
    ),
    passes: fc.constantFrom(true, false, null),
  })
  .map(({ stamp: { at, name }, ...run }) => ({ ...run, folder: name, startedAt: at }));

/** Runs, some of them copied to another host. */
export const testRunCorpus: fc.Arbitrary<readonly SourceFile[]> = fc
  .array(fc.tuple(testRun, fc.boolean()), { minLength: 1, maxLength: 3 })
  .map((runs) =>
    runs.flatMap(([run, copied]) => [...filesOf(run), ...(copied ? filesOf({ ...run, host: 'copy' }) : [])]),
  );
