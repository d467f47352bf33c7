import { isForEach, reachedCount, thresholdPico, type BudgetRule } from './budget-rule';
import type { Move } from './known-sessions';
import { Occasions, type Occasion } from './occasions';
import { periodOf, type Period } from './period';

/** What was spent, as the database has it. */
export interface Spent {
  readonly pico: bigint;
  /** Of one for each session or project: when the last thing happened there, epoch ms. */
  readonly lastActivityAt?: number;
}

/**
 * Watches one budget without asking for sums that cannot have reached anything. An occasion is what has a sum of its
 * own: a session, a project, the present day or month. Of each it keeps the last exact sum and by how much it can have
 * risen since; once the two together could reach the next threshold the occasion is due, and asked for. Costs may fall:
 * then the bound stays too high, and one question is asked in vain.
 */
export class BudgetWatch {
  private readonly occasions = new Occasions();
  private readonly due = new Set<string>();
  private period: Period | undefined;

  constructor(readonly rule: BudgetRule) {}

  get isDue(): boolean {
    return this.due.size > 0;
  }

  /** The present day or month; null for the other scopes. */
  periodAt(now: number): Period | null {
    const { scope, tz } = this.rule;
    if (scope !== 'day' && scope !== 'month') return null;
    if (this.period === undefined || now < this.period.from || now >= this.period.to) {
      this.period = periodOf(scope, now, tz);
      this.occasions.clear();
      this.due.clear();
      this.ask(this.period.key);
    }
    return this.period;
  }

  /** Forgets every figure: what can be named is due; of budgets for each one, whatever is heard of next. */
  restart(now: number): void {
    this.period = undefined;
    this.occasions.clear();
    this.due.clear();
    if (this.periodAt(now) === null && this.rule.key !== null) this.ask(this.rule.key);
  }

  /** Everything that moved is due. */
  askAgain(): void {
    if (this.rule.scope === 'session') return; // its figure stands in every delta
    for (const [key, occasion] of this.occasions.all()) if (occasion.moved) this.due.add(key);
  }

  hear(move: Move, now: number): void {
    const key = this.occasionOf(move, now);
    if (key === undefined) return;
    const isOfInterest = this.isOfInterest(move.lastActivityAt);
    const occasion = this.occasionWith(key, move, isOfInterest);
    if (!occasion) return;
    occasion.moved = true;
    occasion.active = isOfInterest || occasion.active;
    if (occasion.active !== false) this.askIfReached(key, occasion);
  }

  /** The occasions to ask for now. What is heard from here on is counted as a rise on top of the answers. */
  take(): string[] {
    const taken = [...this.due];
    this.due.clear();
    for (const key of taken) {
      const occasion = this.occasions.of(key);
      occasion.rise = 0n;
      occasion.moved = false;
    }
    return taken;
  }

  /** The question failed: it is due again. */
  giveBack(taken: readonly string[]): void {
    for (const key of taken) this.ask(key);
  }

  /** The answer. Gives the highest threshold that is reached and not known to be told; see {@link told}. */
  settle(key: string, spent: Spent): number | undefined {
    const { rule } = this;
    const occasion = this.occasions.of(key);
    if (rule.scope !== 'session') occasion.exact = spent.pico;
    else if (!occasion.moved) setCost(occasion, spent.pico);
    const isOfInterest = this.isOfInterest(spent.lastActivityAt ?? -Infinity);
    occasion.active = isOfInterest || occasion.active === true;
    if (!isOfInterest) return undefined;
    const reached = reachedCount(rule, spent.pico);
    if (reached > occasion.told) return rule.thresholds[reached - 1];
    this.askIfReached(key, occasion);
    return undefined;
  }

  /** An alert stands for this threshold, and so for those below it. */
  told(key: string, threshold: number): void {
    const occasion = this.occasions.of(key);
    occasion.told = this.rule.thresholds.filter((each) => each <= threshold).length;
    this.askIfReached(key, occasion);
  }

  /** Budgets for each one tell nothing of what ended before them. */
  private isOfInterest(lastActivityAt: number): boolean {
    return !isForEach(this.rule) || lastActivityAt >= this.rule.since;
  }

  /** Undefined where the move is none of this budget's business. */
  private occasionOf({ sessionId, projectPath, lastActivityAt }: Move, now: number): string | undefined {
    const { scope, key } = this.rule;
    if (scope === 'session') return isWanted(key, sessionId) ? sessionId : undefined;
    if (scope === 'project')
      return projectPath !== null && isWanted(key, projectPath) ? projectPath : undefined;
    const period = this.periodAt(now);
    // Whose last record is older has used nothing in this period.
    if (period === null || lastActivityAt < period.from) return undefined;
    return key === null || key === projectPath ? period.key : undefined;
  }

  private occasionWith(
    key: string,
    { costPico, risePico }: Move,
    isOfInterest: boolean,
  ): Occasion | undefined {
    const known = this.occasions.find(key);
    if (this.rule.scope === 'session') {
      // Nothing is kept of those that have reached nothing.
      if (!known && (!isOfInterest || reachedCount(this.rule, costPico) === 0)) return undefined;
      return setCost(known ?? this.occasions.of(key), costPico);
    }
    const occasion = known ?? this.occasions.of(key);
    occasion.rise += risePico;
    return occasion;
  }

  private askIfReached(key: string, { exact, rise, told }: Occasion): void {
    const next = this.rule.thresholds[told];
    if (next === undefined) return; // everything is told
    if (exact === undefined || exact + rise >= thresholdPico(this.rule, next)) this.due.add(key);
  }

  private ask(key: string): void {
    this.occasions.of(key);
    this.due.add(key);
  }
}

function isWanted(key: string | null, given: string): boolean {
  return key === null || key === given;
}

/** A session's deltas tell what it costs in all. */
function setCost(occasion: Occasion, costPico: bigint): Occasion {
  occasion.exact = 0n;
  occasion.rise = costPico;
  return occasion;
}
