import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

/** A connection's manager of streams, made when it is first asked for, and made anew after that failed. */
export class StreamAccess {
  private made: Promise<JetStreamManager> | undefined;

  constructor(private readonly connection: NatsConnection) {}

  /** @throws what NATS throws where it does not answer */
  manager(): Promise<JetStreamManager> {
    this.made ??= jetstreamManager(this.connection, { checkAPI: false }).catch((error: unknown) => {
      this.made = undefined;
      throw error;
    });
    return this.made;
  }
}
