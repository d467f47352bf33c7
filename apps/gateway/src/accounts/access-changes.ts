import { randomUUID } from 'node:crypto';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { accessChangeSchema, accessChangesSubject, type AccessChange } from '@telltale/contracts';
import type { Logger } from '@telltale/platform';
import { LOGGER, NATS } from '../connections';

type Listener = (change: AccessChange) => void;

/**
 * Tells every replica at once that a user or an API token is not what it was. At most once, and not while NATS is away:
 * who listens must also ask anew from time to time.
 */
@Injectable()
export class AccessChanges implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly listeners = new Set<Listener>();
  private readonly replica = randomUUID();
  private subscription: Subscription | undefined;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.subscription = this.nats.subscribe(accessChangesSubject, {
      callback: (error, message) => {
        if (!error) this.hear(message.string());
      },
    });
  }

  beforeApplicationShutdown(): void {
    this.subscription?.unsubscribe();
  }

  /** Called with every change, of this replica and of the others. @returns ends it */
  onChange(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** After the change is committed. Never throws. */
  announce(change: AccessChange): void {
    this.tell(change);
    try {
      this.nats.publish(accessChangesSubject, JSON.stringify({ ...change, replica: this.replica }));
    } catch (error) {
      // The connection is closed: the other replicas ask anew by themselves, seconds later.
      this.logger.warn('a change of access was not announced', { error });
    }
  }

  private hear(text: string): void {
    const parsed = accessChangeSchema.safeParse(parseJson(text));
    if (!parsed.success || parsed.data.replica === this.replica) return;
    const { replica: _, ...change } = parsed.data;
    this.tell(change);
  }

  private tell(change: AccessChange): void {
    for (const listener of this.listeners) {
      try {
        listener(change);
      } catch (error) {
        this.logger.error('a listener to changes of access failed', { error });
      }
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // whoever sent it, it says nothing
  }
}
