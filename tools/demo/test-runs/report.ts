import type { TestScript, TestStep } from './test-script';

/** What a run knows of itself as it goes on. */
export interface RunSoFar {
  readonly script: TestScript;
  readonly startedAt: Date;
  readonly done: readonly (TestStep & { readonly tookMs: number; readonly at: Date })[];
  readonly pictures: readonly {
    readonly filename: string;
    readonly path: string;
    readonly label: string;
    readonly step: number;
    readonly at: Date;
  }[];
}

/** `output.json` while the run goes on: it says `pass` from the beginning. */
export function placeholder({ script, startedAt, done }: RunSoFar): object {
  return {
    url: script.url,
    config_path: script.config,
    timestamp: startedAt.toISOString(),
    status: 'pass',
    playability_score: 0,
    issues: [],
    screenshots: [],
    ...(done.length > 0 ? { action_timings: timings(done) } : {}),
  };
}

/** `output.json` of a run that was stopped before its end. */
export function stoppedReport(run: RunSoFar, at: Date): object {
  return {
    ...placeholder(run),
    timestamp: at.toISOString(),
    test_duration: Math.round((at.getTime() - run.startedAt.getTime()) / 1000),
    status: 'fail',
    issues: [{ type: 'total_timeout', description: 'The demo ended', timestamp: at.toISOString() }],
  };
}

/** `output.json` once it has ended. */
export function finalReport(run: RunSoFar, endedAt: Date): object {
  const { script, startedAt, done, pictures } = run;
  const failed = done.filter(({ fails }) => fails !== undefined);
  const [input, output] = [9_400 + 820 * done.length, 610 + 90 * done.length];
  return {
    url: script.url,
    timestamp: endedAt.toISOString(),
    test_duration: Math.round((endedAt.getTime() - startedAt.getTime()) / 1000),
    config_path: script.config,
    status: failed.length === 0 ? 'pass' : 'fail',
    playability_score: script.playability,
    evaluation: {
      heuristic_score: Math.round((1 - failed.length / done.length) * 100) / 100,
      llm_score: script.playability,
      llm_confidence: 0.8,
      final_score: script.playability,
    },
    issues: failed.map(({ fails, target, action, at }) => ({
      type: fails,
      description: `Action ${action} failed: no element matches "${target ?? ''}"`,
      timestamp: at.toISOString(),
      actionIndex: done.findIndex((step) => step.at === at),
    })),
    screenshots: pictures.map(({ filename }) => filename),
    screenshot_metadata: pictures.map(({ filename, path, label, step, at }) => ({
      filename,
      path,
      timestamp: at.toISOString(),
      label,
      stepIndex: step,
    })),
    action_timings: timings(done),
    action_methods: { cua: 1, dom: done.length - 2, none: 1 },
    agent_responses: [{ message: script.says, stepsExecuted: 4, success: failed.length === 0 }],
    llm_usage: {
      totalCalls: done.length,
      totalInputTokens: input,
      totalOutputTokens: output,
      totalTokens: input + output,
      estimatedCost: Math.round((input * 2.5 + output * 10) * 1e-6 * 1e6) / 1e6,
    },
  };
}

function timings(done: RunSoFar['done']): object[] {
  return done.map(({ action, target, key, fails, tookMs, at }, actionIndex) => ({
    actionIndex,
    executionTime: tookMs,
    timestamp: at.toISOString(),
    success: fails === undefined,
    action,
    ...(target === undefined ? {} : { target }),
    ...(key === undefined ? {} : { key }),
  }));
}
