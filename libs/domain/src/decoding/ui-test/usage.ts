import type { UsageRow } from '../../observation';
import { previewOf } from '../reading/text';
import type { JsonObject } from '../reading/values';

/** A run says how many tokens it used, not by which model: they count, and are shown as unpriced. */
export const unknownModel = 'unknown';

/** More nobody has: such a figure is a mistake. */
const mostTokens = 1e9;
const mostUsd = 1e6;

/** The whole run's usage as one row; undefined where it used none. A figure that cannot be counted is a problem, not nothing. */
export function usageRowOf(
  usage: JsonObject | undefined,
  at: number,
): { readonly row: UsageRow } | { readonly problem: string } | undefined {
  if (usage === undefined) return undefined;
  const names = ['totalInputTokens', 'totalOutputTokens', 'estimatedCost'] as const;
  const problem = names.map((name) => problemOf(name, usage[name])).find((one) => one !== undefined);
  if (problem !== undefined) return { problem };
  const [input, output, cost] = names.map((name) => (typeof usage[name] === 'number' ? usage[name] : 0));
  if (!input && !output && !cost) return undefined;
  return { row: rowOf(input ?? 0, output ?? 0, { cost: cost ?? 0, at }) };
}

function rowOf(input: number, output: number, { cost, at }: { cost: number; at: number }): UsageRow {
  const none = { cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, reasoning: 0 };
  return {
    requestId: null,
    sidechain: false,
    uuid: 'llm_usage',
    agentId: null,
    model: unknownModel,
    speed: null,
    at,
    tokens: { input, output, ...none, total: input + output },
    webSearches: 0,
    // Tokens for nothing: the tool did not work their price out.
    ...(cost > 0 ? { reportedPico: BigInt(Math.round(cost * 1e12)) } : {}),
  };
}

function problemOf(name: string, value: unknown): string | undefined {
  if (typeof value !== 'number') return undefined; // absent
  const most = name === 'estimatedCost' ? mostUsd : mostTokens;
  const isWhole = name === 'estimatedCost' || Number.isInteger(value);
  if (isWhole && value >= 0 && value <= most) return undefined;
  return previewOf(`llm_usage.${name} is ${value}: the run's tokens are not counted`, 200).preview;
}
