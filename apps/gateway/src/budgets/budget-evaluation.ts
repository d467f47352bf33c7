import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import {
  BudgetWatch,
  budgetAlert,
  isForEach,
  occasionName,
  thresholdPico,
  type Move,
  type Period,
} from '@telltale/domain';
import type { Logger } from '@telltale/platform';
import { CLOCK, LOGGER, type Clock } from '../connections';
import type { Telling } from './alert-store';
import { Alerts } from './alerts';
import { BudgetSettings } from './budget-settings';
import { FleetMoves, type MoveListener } from './fleet-moves';
import { Spending, type Figure } from './spending';

/** After a failure, usually of the database, this long is waited. */
const retryMs = 1000;

interface Reached extends Telling {
  readonly key: string;
}

/**
 * Raises an alert when a budget's threshold is reached. What the deltas say decides when to ask, the database what was
 * spent, the table of alerts who raises. While one evaluation runs the next one's moves gather; nobody waits for a timer.
 */
@Injectable()
export class BudgetEvaluation implements OnApplicationBootstrap, BeforeApplicationShutdown, MoveListener {
  private watches: readonly BudgetWatch[] = [];
  private revision: string | undefined;
  /** All is to be asked for anew: nothing that was heard before counts. */
  private anew = true;
  private isRunning = false;
  private running: Promise<void> = Promise.resolve();
  private notBefore = 0;
  private stopped = false;

  constructor(
    private readonly settings: BudgetSettings,
    private readonly moves: FleetMoves,
    private readonly spending: Spending,
    private readonly alerts: Alerts,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.moves.end();
    await this.running;
  }

  moved(move: Move): void {
    const now = this.now();
    for (const watch of this.watches) watch.hear(move, now);
    this.run();
  }

  strangers(): void {
    this.run();
  }

  lost(): void {
    this.restart();
  }

  /** Evaluates everything from the database. */
  restart(): void {
    this.anew = true;
    this.run();
  }

  /** Looks whether something was missed: other settings, a lost delta, a new day, a failure. */
  async look(): Promise<void> {
    if ((await this.settings.revision()) !== this.revision) return this.restart();
    if (this.watches.length > 0 && (await this.moves.isBehind())) {
      this.logger.info('a delta was lost, budgets are evaluated anew');
      return this.restart();
    }
    for (const watch of this.watches) watch.periodAt(this.now());
    this.run();
  }

  /** Asks for everything that moved: costs may pass from one day to another without any session's cost rising. */
  askAgain(): void {
    for (const watch of this.watches) watch.askAgain();
    this.run();
  }

  private run(): void {
    if (this.isRunning || this.stopped || !this.hasWork() || performance.now() < this.notBefore) return;
    this.isRunning = true;
    this.running = this.work();
  }

  private hasWork(): boolean {
    return this.anew || this.moves.hasStrangers || this.watches.some((watch) => watch.isDue);
  }

  /** Never rejects: what failed is due again. */
  private async work(): Promise<void> {
    try {
      while (this.hasWork() && !this.stopped) await this.step();
    } catch (error) {
      this.notBefore = performance.now() + retryMs;
      if (!this.stopped) this.logger.warn('budgets could not be evaluated, it is tried again', { error });
    } finally {
      this.isRunning = false; // in the same turn as the last look for work
    }
  }

  private async step(): Promise<void> {
    if (this.anew) return this.evaluateAll();
    if (this.moves.hasStrangers) await this.moves.lookUp();
    for (const watch of this.watches) if (watch.isDue) await this.evaluateDue(watch);
  }

  private async evaluateAll(): Promise<void> {
    this.anew = false;
    try {
      const { revision, rules } = await this.settings.load();
      this.watches = rules.map((rule) => new BudgetWatch(rule));
      if (rules.length === 0) this.moves.end();
      else await this.moves.begin(this);
      this.revision = revision;
      for (const watch of this.watches) {
        watch.restart(this.now());
        if (isForEach(watch.rule)) await this.judge(watch, await this.reached(watch), null);
        else await this.evaluateDue(watch);
      }
    } catch (error) {
      this.anew = true;
      throw error;
    }
  }

  private reached({ rule }: BudgetWatch): Promise<Figure[]> {
    return this.spending.reached(rule, thresholdPico(rule, rule.thresholds[0] ?? 1));
  }

  private async evaluateDue(watch: BudgetWatch): Promise<void> {
    const period = watch.periodAt(this.now());
    const taken = watch.take();
    try {
      await this.judge(watch, await this.spending.of(watch.rule, taken, period), period);
    } catch (error) {
      watch.giveBack(taken);
      throw error;
    }
  }

  /** `period`: the one that was asked for. By now it may be over. */
  private async judge(watch: BudgetWatch, figures: readonly Figure[], period: Period | null): Promise<void> {
    const reached = figures.flatMap((figure) => this.reachedBy(watch, figure, period));
    await this.alerts.raise(reached);
    for (const { key, threshold } of reached) watch.told(key, threshold);
  }

  private reachedBy(
    watch: BudgetWatch,
    { key, pico, unpriced, lastActivityAt }: Figure,
    period: Period | null,
  ): Reached[] {
    const spentPico = pico ?? 0n; // no price, no alert; the budget's state tells of it
    const threshold = watch.settle(key, {
      pico: spentPico,
      ...(lastActivityAt === undefined ? {} : { lastActivityAt }),
    });
    if (threshold === undefined) return [];
    const { rule } = watch;
    const alert = budgetAlert(rule, { occasion: key, threshold, spentPico, unpriced, period });
    return [{ rule, key, threshold, alert, occasion: occasionName(rule, key) }];
  }
}
