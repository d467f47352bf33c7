import { headers, type NatsConnection } from '@nats-io/transport-node';
import { randomUUID } from 'node:crypto';
import { deltasOf, type EmitTimes, type LiveMessage } from './deltas';
import type { FleetRevisions } from './fleet-revisions';
import type { Committed } from './projector';

export interface Emitted {
  readonly deltas: number;
  /** Epoch ms. */
  readonly at: number;
}

const rememberedSessions = 10_000;

/** Publishes deltas on core NATS, at most once: who missed one notices by its revision. */
export class LivePublisher {
  /** The last revision emitted of each session, the least recent first. */
  private readonly latest = new Map<string, number>();

  constructor(
    private readonly connection: NatsConnection,
    private readonly fleet: FleetRevisions,
  ) {}

  /** Emits what a commit changed. @param seen none where no fact led to it */
  async emit(committed: Committed, seen: EmitTimes['seen'] = new Map()): Promise<Emitted> {
    if (committed.sessions.length === 0) return { deltas: 0, at: epochNow() };
    const steps = await this.fleet.advance(committed.sessions.length);
    const at = epochNow();
    const messages = deltasOf(committed, steps, {
      seen,
      emitted: at,
      overtaken: this.overtaken(committed),
    });
    for (const message of messages) this.publish(message);
    return { deltas: messages.length, at };
  }

  /** Commits of one session by two partitions may come here in another order than they were made in. */
  private overtaken({ sessions }: Committed): Set<string> {
    const overtaken = new Set<string>();
    for (const { row } of sessions) {
      const { id } = row.state;
      const latest = this.latest.get(id) ?? 0;
      if (row.revision < latest) overtaken.add(id);
      this.latest.delete(id);
      this.latest.set(id, Math.max(latest, row.revision));
    }
    for (const id of this.latest.keys()) {
      if (this.latest.size <= rememberedSessions) break;
      this.latest.delete(id);
    }
    return overtaken;
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
