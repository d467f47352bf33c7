import { headers, type NatsConnection } from '@nats-io/transport-node';
import { randomUUID } from 'node:crypto';
import { deltasOf, type LiveMessage, type SeenAt } from './deltas';
import type { FleetRevisions } from './fleet-revisions';
import type { Committed } from './projector';

export interface Emitted {
  readonly deltas: number;
  /** Epoch ms. */
  readonly at: number;
}

/** Publishes deltas on core NATS, at most once: who missed one notices by its revision. */
export class LivePublisher {
  constructor(
    private readonly connection: NatsConnection,
    private readonly fleet: FleetRevisions,
  ) {}

  /** Emits what a commit changed. */
  async emit(committed: Committed, seenAt: SeenAt): Promise<Emitted> {
    if (committed.sessions.length === 0) return { deltas: 0, at: epochNow() };
    const steps = await this.fleet.advance(committed.sessions.length);
    const at = epochNow();
    const messages = deltasOf(committed, steps, { ...seenAt, emitted: at });
    for (const message of messages) this.publish(message);
    return { deltas: messages.length, at };
  }

  private publish({ subject, json, delta }: LiveMessage): void {
    const event = headers();
    event.set('ce-specversion', '1.0');
    event.set('ce-id', randomUUID());
    event.set('ce-source', '/ingest');
    event.set('ce-type', 'telltale.live.delta.v1');
    event.set('ce-time', delta.at);
    event.set('content-type', 'application/json');
    this.connection.publish(subject, json, { headers: event });
  }
}

function epochNow(): number {
  return performance.timeOrigin + performance.now();
}
