import { isForEach, reachedCount, thresholdPico, type BudgetRule } from '../budget-rule';
import { BudgetWatch } from '../budget-watch';
import { KnownSessions, type SaidOfSession } from '../known-sessions';
import { deltaOf, type Ledger } from './ledger';

/** As the table of alerts: a threshold of an occasion is told once, and none below one that was told. */
export class Told {
  readonly alerts: string[] = [];
  private readonly highest = new Map<string, number>();

  raise(rule: BudgetRule, key: string, threshold: number): void {
    const occasion = `${rule.id} ${key}`;
    if (threshold <= (this.highest.get(occasion) ?? 0)) return;
    this.highest.set(occasion, threshold);
    this.alerts.push(`${occasion} ${threshold}`);
  }
}

const nothing = { pico: 0n, lastActivityAt: -Infinity };

const isOfInterest = (rule: BudgetRule, lastActivityAt: number) =>
  !isForEach(rule) || lastActivityAt >= rule.since;

/** Looks at every sum, each time. */
export function evaluateExactly(rules: readonly BudgetRule[], ledger: Ledger, told: Told): void {
  for (const rule of rules) {
    for (const [key, { pico: spent, lastActivityAt }] of ledger.sums(rule)) {
      const threshold = rule.thresholds[reachedCount(rule, spent) - 1];
      if (threshold !== undefined && isOfInterest(rule, lastActivityAt)) told.raise(rule, key, threshold);
    }
  }
}

/** As the gateway does it, by bounds. */
export class Follower {
  readonly told = new Told();
  asked = 0;
  private readonly known = new KnownSessions(3);
  private readonly watches: readonly BudgetWatch[];

  constructor(
    rules: readonly BudgetRule[],
    private readonly ledger: Ledger,
  ) {
    this.watches = rules.map((rule) => new BudgetWatch(rule));
    this.restart();
  }

  restart(): void {
    this.known.clear();
    for (const watch of this.watches) {
      watch.restart(this.ledger.now);
      if (!isForEach(watch.rule)) continue;
      const lowest = thresholdPico(watch.rule, watch.rule.thresholds[0] ?? 1);
      for (const [key, spent] of this.ledger.sums(watch.rule))
        if (spent.pico >= lowest && isOfInterest(watch.rule, spent.lastActivityAt))
          this.settle(watch, key, spent);
    }
  }

  askAgain(): void {
    for (const watch of this.watches) watch.askAgain();
    this.evaluate();
  }

  hear(said: SaidOfSession): void {
    const heard = this.known.hear(said);
    const move =
      heard === 'stranger' ? this.known.learn(said.sessionId, this.ledger.row(said.sessionId)) : heard;
    if (move) for (const watch of this.watches) watch.hear(move, this.ledger.now);
  }

  /** The ledger changes, the follower hears of it as a delta, and looks. */
  hearOf(sessionId: string, change: () => void): void {
    const before = this.ledger.row(sessionId);
    change();
    this.hear(deltaOf(this.ledger, sessionId, before));
    this.evaluate();
  }

  /** @param fails the database did not answer the first time */
  evaluate(fails = false): void {
    for (const watch of this.watches) {
      watch.periodAt(this.ledger.now);
      if (fails) watch.giveBack(watch.take());
      while (watch.isDue) {
        const sums = this.ledger.sums(watch.rule);
        for (const key of watch.take()) this.settle(watch, key, sums.get(key) ?? nothing);
      }
    }
  }

  private settle(watch: BudgetWatch, key: string, spent: { pico: bigint; lastActivityAt: number }): void {
    this.asked++;
    const threshold = watch.settle(key, spent);
    if (threshold === undefined) return;
    this.told.raise(watch.rule, key, threshold);
    watch.told(key, threshold);
  }
}
