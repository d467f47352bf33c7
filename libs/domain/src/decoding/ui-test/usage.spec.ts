import { final, at, report, shown } from './testing/given-runs';

describe("a run's tokens", () => {
  const usage = {
    totalCalls: 4,
    totalInputTokens: 1200,
    totalOutputTokens: 340,
    totalTokens: 1540,
    estimatedCost: 0.012345,
  };

  it('count as of an unknown model, beside what the tool says they cost', () => {
    const run = shown(report({ ...final, llm_usage: usage, cost_estimate: usage }));
    expect(run.stats).toMatchObject({
      tokens: { input: 1200, output: 340, total: 1540 },
      costUsd: null,
      reportedCostUsd: 0.012345,
      unpricedModels: ['unknown'],
    });
    expect(run.test?.llm).toEqual({
      calls: 4,
      inputTokens: 1200,
      outputTokens: 340,
      estimatedCostUsd: 0.012345,
    });
  });

  it('count once in a folder whose name is not exact, as its steps and pictures come to be told', () => {
    const { test_duration: _, ...running } = { ...final, llm_usage: usage, issues: ['slow'] };
    const screenshot_metadata = [{ filename: 'a.png', timestamp: '2025-11-05T04:24:54.000Z' }];
    const action_timings = [{ actionIndex: 0, timestamp: '2025-11-05T04:24:55.000Z', action: 'click' }];
    const versions = [
      running,
      { ...running, screenshot_metadata },
      { ...running, screenshot_metadata, action_timings },
      { ...running, test_duration: 13, screenshot_metadata, action_timings },
    ];
    const inexact = (...told: unknown[]) =>
      at('session_2025-11-05T04-24-50/output.json', 'file.appended', ...told);
    const once = shown(inexact(versions.at(-1))).stats;
    expect(once).toMatchObject({ errors: 1, toolCalls: 1, tokens: { total: 1540 } });
    expect(shown(inexact(...versions)).stats).toEqual(once);
    const withoutSteps = { ...running, test_duration: 13 };
    expect(shown(inexact(running, withoutSteps)).stats).toMatchObject({ errors: 1, tokens: { total: 1540 } });
  });

  it('for nothing have no price', () => {
    const run = shown(report({ ...final, cost_estimate: { ...usage, estimatedCost: 0 } }));
    expect(run.stats).toMatchObject({ tokens: { total: 1540 }, reportedCostUsd: null });
    expect(run.test?.llm?.estimatedCostUsd).toBeNull();
  });

  it.each([
    ['totalInputTokens', -5],
    ['totalOutputTokens', 0.5],
    ['totalInputTokens', 1e300],
    ['estimatedCost', -1],
  ])('with %s of %d are an error of the run, and nothing else is lost', (name, value) => {
    const run = shown(report({ ...final, llm_usage: { ...usage, [name]: value } }));
    expect(run).toMatchObject({ status: 'completed', stats: { errors: 1, tokens: { total: 0 } } });
    expect(run.errors).toMatchObject([{ kind: 'usage_unreadable' }]);
  });
});
