import type { BudgetRule } from '../budget-rule';
import type { KnownSession, SaidOfSession } from '../known-sessions';
import { periodOf } from '../period';

export const hourMs = 3_600_000;
/** Epoch ms. */
export const begin = Date.parse('2026-03-01T12:00:00Z');
/** Of a dollar. */
export const pico = 1_000_000_000_000n;

/** Sessions whose cost is spread over the hours it was spent in: what the database would know. */
export class Ledger {
  now = begin;
  readonly sessions = new Map<
    string,
    { revision: bigint; project: string | null; spent: Map<number, bigint>; last: number }
  >();

  session(id: string) {
    const known = this.sessions.get(id);
    if (known) return known;
    const made = { revision: 0n, project: null, spent: new Map<number, bigint>(), last: -Infinity };
    this.sessions.set(id, made);
    return made;
  }

  /** At this time (epoch ms) the session cost so many dollars more. */
  spend(id: string, at: number, usd: bigint | number): void {
    const session = this.session(id);
    session.spent.set(
      at,
      (session.spent.get(at) ?? 0n) + BigInt(Math.round(Number(usd) * 100)) * (pico / 100n),
    );
    session.last = Math.max(session.last, at);
  }

  row(id: string): KnownSession {
    const { revision, project, last, spent } = this.session(id);
    return { revision, projectPath: project, lastActivityAt: last, costPico: sum(spent.values()) };
  }

  /** By occasion: what was spent, and when something happened there last. */
  sums(rule: BudgetRule): Map<string, { pico: bigint; lastActivityAt: number }> {
    const period =
      rule.scope === 'day' || rule.scope === 'month' ? periodOf(rule.scope, this.now, rule.tz) : null;
    const sums = new Map<string, { pico: bigint; lastActivityAt: number }>();
    for (const [id, { project, spent, last }] of this.sessions) {
      const key = period ? period.key : rule.scope === 'session' ? id : project;
      const named = rule.scope === 'session' ? id : project;
      if (key === null || (rule.key !== null && rule.key !== named)) continue;
      const cost = sum(
        [...spent].map(([at, each]) => (period && (at < period.from || at >= period.to) ? 0n : each)),
      );
      const known = sums.get(key) ?? { pico: 0n, lastActivityAt: -Infinity };
      sums.set(key, { pico: known.pico + cost, lastActivityAt: Math.max(known.lastActivityAt, last) });
    }
    return sums;
  }
}

function sum(values: Iterable<bigint>): bigint {
  return [...values].reduce((all, each) => all + each, 0n);
}

/** What ingest would say: the fields that differ. */
export function deltaOf(ledger: Ledger, sessionId: string, before: KnownSession): SaidOfSession {
  ledger.session(sessionId).revision += 1n;
  const now = ledger.row(sessionId);
  const isNew = before.revision === 0n;
  return {
    sessionId,
    revision: now.revision,
    ...(isNew || now.costPico !== before.costPico ? { costPico: now.costPico } : {}),
    ...(isNew || now.projectPath !== before.projectPath ? { projectPath: now.projectPath } : {}),
    ...(isNew || now.lastActivityAt !== before.lastActivityAt ? { lastActivityAt: now.lastActivityAt } : {}),
  };
}

/** When the rules were made. */
export const since = begin + 2 * hourMs;

export const rule = (id: string, changes: Partial<BudgetRule>): BudgetRule => ({
  id,
  scope: 'session',
  key: null,
  limitUsd: 10,
  thresholds: [0.5, 0.8, 1],
  tz: 'UTC',
  since,
  ...changes,
});
