import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { alertSchema, alertSubjects, fleetRoom, sessionRoom, type Alert } from '@telltale/contracts';
import type { Logger } from '@telltale/platform';
import { LOGGER, NATS } from '../connections';
import { EarlierEvents } from '../live/earlier-events';
import { LiveRooms } from '../live/live-rooms';
import { AlertStore } from './alert-store';

/** Enough to know an alert that is said again. */
const remembered = 1000;

/** Tells this replica's sockets of alerts, whoever raised them: each once. */
@Injectable()
export class AlertRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private subscription: Subscription | undefined;
  private readonly seen = new Set<string>();
  /** Everything up to here was told, or raised before we came. One look behind: ids are not committed in their order. */
  private after: string | undefined;
  private newest: string | undefined;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly store: AlertStore,
    private readonly rooms: LiveRooms,
    private readonly words: EarlierEvents,
  ) {}

  onApplicationBootstrap(): void {
    this.subscription = this.nats.subscribe(alertSubjects, {
      callback: (error, message) => {
        if (!error) this.hear(message.subject, message.string());
      },
    });
  }

  beforeApplicationShutdown(): void {
    this.subscription?.unsubscribe();
  }

  /** Tells what was raised and did not come by NATS. */
  async catchUp(): Promise<void> {
    const isFirst = this.after === undefined;
    const alerts = await this.store.after(this.after);
    if (!isFirst) for (const alert of alerts.toReversed()) this.tell(alert);
    this.after = isFirst ? (alerts[0]?.id ?? '0') : (this.newest ?? this.after);
    this.newest = alerts[0]?.id ?? this.newest;
  }

  private hear(subject: string, text: string): void {
    const parsed = alertSchema.safeParse(jsonOf(text));
    if (parsed.success) this.tell(parsed.data);
    else this.logger.warn('an alert is not one', { subject });
  }

  private tell(alert: Alert): void {
    if (this.seen.has(alert.id)) return;
    this.seen.add(alert.id);
    const [oldest] = this.seen;
    if (this.seen.size > remembered && oldest !== undefined) this.seen.delete(oldest);
    const rooms = [
      fleetRoom,
      ...(alert.sessionId === undefined ? [] : [sessionRoom(alert.sessionId)]),
    ] as const;
    for (const room of rooms) this.rooms.tellAlert(room, alert);
    this.words.sayAlert(rooms, alert);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no JSON: the schema refuses it
  }
}
