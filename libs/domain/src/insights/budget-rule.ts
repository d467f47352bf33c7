import type { BudgetScope } from '@telltale/contracts';

/** A budget as it is evaluated. */
export interface BudgetRule {
  readonly id: string;
  readonly scope: BudgetScope;
  /** The session's id or the project's path; null: each, or of a day or month: all projects. */
  readonly key: string | null;
  readonly limitUsd: number;
  /** Shares of the limit, rising. */
  readonly thresholds: readonly number[];
  /** IANA. */
  readonly tz: string;
  /**
   * Since when the budget is as it is, epoch ms. One for each session or project tells nothing of those that ended
   * before.
   */
  readonly since: number;
}

/** Pico-dollars that reach the threshold. */
export function thresholdPico({ limitUsd }: Pick<BudgetRule, 'limitUsd'>, threshold: number): bigint {
  const pico = BigInt(Math.round(limitUsd * threshold * 1e12));
  return pico > 0n ? pico : 1n;
}

/** How many of the thresholds are reached. */
export function reachedCount(rule: BudgetRule, spentPico: bigint): number {
  return rule.thresholds.filter((threshold) => spentPico >= thresholdPico(rule, threshold)).length;
}

/** Whether the budget is one for each session or each project. */
export function isForEach({ scope, key }: BudgetRule): boolean {
  return key === null && (scope === 'session' || scope === 'project');
}

/** Dollars of pico-dollars, as near as a number comes. */
export function usdOfPico(pico: bigint): number {
  return Number(pico) / 1e12;
}

/** Nearest; exact up to 2,250 dollars for an amount that was told by {@link usdOfPico}. */
export function picoOfUsd(usd: number): bigint {
  return BigInt(Math.round(usd * 1e12));
}
