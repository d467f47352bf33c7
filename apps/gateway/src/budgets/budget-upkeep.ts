import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Logger } from '@telltale/platform';
import { LOGGER } from '../connections';
import { AlertRelay } from './alert-relay';
import { Alerts } from './alerts';
import { BudgetEvaluation } from './budget-evaluation';

const lookEveryMs = 2000;
/** At every so many looks, all that moved is asked for. */
const looksBetweenAsking = 30;

/** Off the live path: finds what was missed there. Costs three questions for single rows every two seconds. */
@Injectable()
export class BudgetUpkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private looks = 0;
  private stopped = false;
  private failing = false;

  constructor(
    private readonly evaluation: BudgetEvaluation,
    private readonly alerts: Alerts,
    private readonly relay: AlertRelay,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule(0);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
  }

  private schedule(ms: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.looking = this.look().finally(() => this.schedule(lookEveryMs));
    }, ms).unref();
  }

  /** Never rejects: the next look tries again. */
  private async look(): Promise<void> {
    try {
      await this.relay.catchUp();
      await this.alerts.publishUntold();
      await this.evaluation.look();
      this.looks = (this.looks + 1) % looksBetweenAsking;
      if (this.looks === 0) this.evaluation.askAgain();
      this.failing = false;
    } catch (error) {
      if (!this.failing && !this.stopped) this.logger.warn('budgets could not be looked after', { error });
      this.failing = true; // said once
    }
  }
}
