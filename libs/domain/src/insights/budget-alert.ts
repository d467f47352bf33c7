import type { Budget, NewAlert } from '@telltale/contracts';
import { isForEach, usdOfPico, type BudgetRule } from './budget-rule';
import type { Period } from './period';

/** A threshold that was reached. */
export interface Reached {
  /** The session's id, the project's path, or the period's key. */
  readonly occasion: string;
  readonly threshold: number;
  readonly spentPico: bigint;
  readonly unpriced: boolean;
  readonly period: Period | null;
}

/** The alert that tells of it. */
export function budgetAlert(rule: BudgetRule, reached: Reached): NewAlert {
  const { scope, limitUsd } = rule;
  const { occasion, threshold, unpriced, period } = reached;
  const spentUsd = usdOfPico(reached.spentPico);
  const key = isForEach(rule) ? occasion : rule.key;
  return {
    kind: 'budget',
    ...(scope === 'session' ? { sessionId: occasion } : {}),
    message: messageOf(rule, reached, key),
    data: {
      budgetId: rule.id,
      scope,
      ...(key === null ? {} : { key }),
      limitUsd,
      threshold,
      spentUsd,
      share: spentUsd / limitUsd,
      unpriced,
      ...(period ? { period: { ...toldPeriod(period), tz: rule.tz } } : {}),
    },
  };
}

/** A period as it is served: its days from and to, ISO. */
export function toldPeriod({ key, from, to }: Period): NonNullable<Budget['state']['period']> {
  return { key, from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** What names the occasion of a threshold for good; within it a threshold is told once. A new limit arms it again. */
export function occasionName({ id, scope, key, limitUsd }: BudgetRule, occasion: string): string {
  return JSON.stringify([id, limitUsd, scope, occasion, scope === 'day' || scope === 'month' ? key : null]);
}

function messageOf({ scope, limitUsd, tz }: BudgetRule, reached: Reached, key: string | null): string {
  const { occasion, threshold, spentPico, unpriced } = reached;
  const spent = `${unpriced ? 'at least ' : ''}${dollars(usdOfPico(spentPico))}`;
  const share = `${Number((threshold * 100).toFixed(2))} % of its budget of ${dollars(limitUsd)} reached`;
  const ofPeriod = `${occasion} (${tz})${key === null ? '' : `, project ${shown(key)}`}`;
  const subject = { session: 'Session', project: 'Project', day: 'Day', month: 'Month' }[scope];
  const name = scope === 'day' || scope === 'month' ? ofPeriod : shown(occasion);
  return `${subject} ${name}: ${spent} spent, ${share}.`;
}

function dollars(usd: number): string {
  return `$${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: usd < 1 ? 6 : 2 })}`;
}

/** Ids and paths come from outside; a message is read in terminals too. */
function shown(text: string): string {
  const plain = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '');
  return plain.length > 200 ? `${plain.slice(0, 200)}…` : plain;
}
