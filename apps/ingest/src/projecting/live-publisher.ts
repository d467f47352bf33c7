import { headers, type NatsConnection } from '@nats-io/transport-node';
import { randomUUID } from 'node:crypto';
import type { LiveMessage } from './deltas';

/** Publishes deltas on core NATS, at most once: who missed one notices by its revision. */
export class LivePublisher {
  private published = 0;

  constructor(private readonly connection: NatsConnection) {}

  get count(): number {
    return this.published;
  }

  publish(messages: readonly LiveMessage[]): void {
    for (const { subject, json, delta } of messages) {
      const event = headers();
      event.set('ce-specversion', '1.0');
      event.set('ce-id', randomUUID());
      event.set('ce-source', '/ingest');
      event.set('ce-type', 'telltale.live.delta.v1');
      event.set('ce-time', delta.at);
      event.set('content-type', 'application/json');
      this.connection.publish(subject, json, { headers: event });
    }
    this.published += messages.length;
  }
}
