import { headers, type NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable } from '@nestjs/common';
import { alertRaisedType, alertSubject, type Alert } from '@telltale/contracts';
import type { Logger } from '@telltale/platform';
import { CLOCK, LOGGER, NATS, type Clock } from '../connections';
import { AlertStore, type Telling } from './alert-store';

/**
 * Raises alerts, and says them on NATS. Who dies in between leaves them to the others: each is said at least once, with
 * its id.
 */
@Injectable()
export class Alerts {
  /** Handed over and not yet noted: NATS may be away for long. */
  private readonly underWay = new Set<string>();

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CLOCK) private readonly now: Clock,
    private readonly store: AlertStore,
  ) {}

  /** Of those that are reached: those that were not told before are raised, by whoever comes first. */
  async raise(reached: readonly Telling[]): Promise<void> {
    if (reached.length === 0) return;
    const told = await this.store.told(reached.map(({ occasion }) => occasion));
    for (const telling of reached) {
      if ((told.get(telling.occasion) ?? 0) >= telling.threshold) continue;
      const alert = await this.store.raise(telling, this.now());
      if (alert) this.publish(alert);
    }
  }

  /** Publishes what was raised by somebody who did not come to it. */
  async publishUntold(): Promise<void> {
    for (const alert of await this.store.untold(this.now()))
      if (!this.underWay.has(alert.id)) this.publish(alert);
  }

  /** At once; that the server has it is noted behind. */
  private publish(alert: Alert): void {
    const event = headers();
    event.set('ce-specversion', '1.0');
    event.set('ce-id', alert.id);
    event.set('ce-source', '/gateway');
    event.set('ce-type', alertRaisedType);
    event.set('ce-time', alert.at);
    event.set('content-type', 'application/json');
    this.nats.publish(alertSubject(alert.kind), JSON.stringify(alert), { headers: event });
    this.underWay.add(alert.id);
    this.note(alert)
      .catch((error: unknown) => {
        this.logger.debug('that an alert was published was not noted: it is published again', { error });
      })
      .finally(() => this.underWay.delete(alert.id));
  }

  private async note(alert: Alert): Promise<void> {
    await this.nats.flush();
    await this.store.published(alert.id, this.now());
  }
}
