import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { Inject, Injectable } from '@nestjs/common';
import {
  liveFleetSubject,
  liveSessionSubject,
  sessionOfRoom,
  type Delta,
  type Room,
} from '@telltale/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@telltale/platform';
import { LOGGER, NATS } from '../connections';

/** How long a subscription may take to reach the server before we go on without knowing. */
const settleMs = 1000;

/** Deltas as they come over NATS: core subscriptions, at most once. */
@Injectable()
export class DeltaFeed {
  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Opens a room's subject. `bytes`: of the delta's JSON. */
  follow(room: Room, hear: (delta: Delta, bytes: number) => void): Subscription {
    const session = sessionOfRoom(room);
    return this.followSubject(session === undefined ? liveFleetSubject : liveSessionSubject(session), hear);
  }

  followSubject(subject: string, hear: (delta: Delta, bytes: number) => void): Subscription {
    return this.nats.subscribe(subject, {
      callback: (error, message) => {
        const delta = error ? undefined : this.read(message);
        if (delta) hear(delta, message.data.length);
      },
    });
  }

  /**
   * Until the server knows of all subscriptions made so far: what is published from now on reaches us. While NATS
   * is away this gives up; a delta that is missed then is found missing by comparing revisions.
   */
  async settled(): Promise<void> {
    const flushed = this.nats.flush().catch(() => undefined);
    await Promise.race([flushed, pause(settleMs, undefined, { ref: false })]);
  }

  private read(message: Msg): Delta | undefined {
    try {
      const delta: unknown = message.json();
      if (isDelta(delta)) return delta;
    } catch {
      // not JSON: said below
    }
    this.logger.warn('a live message is no delta', { subject: message.subject });
    return undefined;
  }
}

/** Only ingest may publish here; what is read at a thousand a second is checked for what we rely on, not in full. */
function isDelta(value: unknown): value is Delta {
  if (typeof value !== 'object' || value === null) return false;
  const { room, sessionId, from, to } = value as Partial<Record<keyof Delta, unknown>>;
  const chained = (typeof from === 'string' || from === null) && typeof to === 'string';
  return typeof room === 'string' && typeof sessionId === 'string' && chained;
}
