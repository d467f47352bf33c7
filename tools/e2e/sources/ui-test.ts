import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { recallTestRun } from '../../demo/test-runs/play-test-run';
import { goodOrder } from '../../demo/test-runs/shop-checkout';
import { hungGame, wonGame } from '../../demo/test-runs/tic-tac-toe';
import { hasSamples, samples } from '../samples';
import { dollars, type Expected, type LaidOut } from './expected';

interface Report {
  readonly status: 'pass' | 'fail';
  readonly issues: readonly unknown[];
  readonly action_timings: readonly { readonly action: string; readonly success: boolean }[];
  readonly agent_responses: readonly unknown[];
  readonly llm_usage: Readonly<Record<'totalInputTokens' | 'totalOutputTokens' | 'estimatedCost', number>>;
}

/** Runs that were played in no time, pictures and all; a real one where it is at hand. */
export async function layOutTestRuns(folder: string, host: string): Promise<LaidOut> {
  const root = join(folder, 'results');
  const startedAt = Date.UTC(2026, 1, 3, 9);
  const played: Expected[] = [];
  for (const [n, script] of [wonGame, hungGame, goodOrder].entries()) {
    const at = new Date(startedAt + n * 3_600_000);
    played.push(expectedOf(await recallTestRun(script, root, at), at, host));
  }
  const roots = [root, ...(hasSamples ? [join(samples, 'uitest', 'results')] : [])];
  return {
    env: { TELLTALE_TEST_RESULTS: roots.join(',') },
    sessions: [...played, ...(hasSamples ? [realRun(host)] : [])],
    broken: 0,
  };
}

/** From the report as it was written, and the pictures beside it. */
function expectedOf(folder: string, startedAt: Date, host: string): Expected {
  const report = JSON.parse(readFileSync(join(folder, 'output.json'), 'utf8')) as Report;
  const { status, issues, action_timings: actions, agent_responses: answers, llm_usage: usage } = report;
  const tools: Record<string, number> = {};
  for (const { action } of actions) tools[action] = (tools[action] ?? 0) + 1;
  return {
    id: `${basename(folder)}@${host}`,
    source: 'ui-test',
    startedAt: startedAt.toISOString(),
    status: status === 'pass' ? 'completed' : 'failed',
    prompts: 0,
    messages: answers.length,
    tools,
    toolErrors: actions.filter(({ success }) => !success).length,
    errors: issues.length,
    screenshots: readdirSync(join(folder, 'screenshots')).length,
    models: { unknown: { tokens: tokensOf(usage) } },
    costUsd: null,
    reportedCostUsd: dollars(usage.estimatedCost),
    unpricedModels: ['unknown'],
  };
}

function tokensOf({ totalInputTokens: input, totalOutputTokens: output }: Report['llm_usage']) {
  return { input, output, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0 };
}

/** Counted by hand: three steps, the report's three pictures and one of another run that lies beside them. */
function realRun(host: string): Expected {
  return {
    id: `session_1762316690033@${host}`,
    source: 'ui-test',
    status: 'completed',
    startedAt: '2025-11-05T04:24:50.033Z',
    prompts: 0,
    messages: 0,
    tools: { action: 3 },
    toolErrors: 0,
    errors: 0,
    screenshots: 4,
    models: {},
    costUsd: 0,
    reportedCostUsd: null,
  };
}
