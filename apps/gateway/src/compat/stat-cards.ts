import type { Subscription } from '@nats-io/transport-node';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { sessionRoom, unknownSessionCode } from '@telltale/contracts';
import type { Logger } from '@telltale/platform';
import { CLOCK, LOGGER, type Clock } from '../connections';
import { DeltaFeed } from '../live/delta-feed';
import { Revisions } from '../sessions/revisions';
import { WatchedRows } from './rows/watched-rows';
import type { StatViewer } from './stat-viewer';
import { keepaliveMs } from './streams/keepalive';
import { keptMessages } from './message-frames';
import { WatchedSession } from './watched-session';

/** As for rooms of the live interface: one read for all sessions that are watched. */
const compareEveryMs = 2000;

/** Sessions that stat cards show; each is listened to while somebody watches it. */
@Injectable()
export class StatCards implements BeforeApplicationShutdown {
  private readonly watched = new Map<string, { session: WatchedSession; subscription: Subscription }>();
  private timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly feed: DeltaFeed,
    private readonly rows: WatchedRows,
    private readonly revisions: Revisions,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Who asks for a session that there is not is closed with 4004. */
  async join(id: string, viewer: StatViewer): Promise<void> {
    const session = this.watched.get(id)?.session ?? this.open(id);
    session.viewers.add(viewer);
    viewer.onClose(() => this.leave(session, viewer));
    viewer.onDrain(() => session.tell(viewer));
    await this.feed.settled();
    if (session.revision === undefined) await session.catchUp();
    session.tell(viewer);
  }

  beforeApplicationShutdown(): void {
    for (const { subscription } of this.watched.values()) subscription.unsubscribe();
    this.watched.clear();
    this.stopTimers();
  }

  private open(id: string): WatchedSession {
    const session: WatchedSession = new WatchedSession(id, {
      read: () => this.rows.of(id, keptMessages),
      ended: () => this.end(session),
      failed: (error) => this.logger.warn('a session on stat cards cannot be read', { id, error }),
      now: () => new Date(this.now()).toISOString(),
    });
    const subscription = this.feed.follow(sessionRoom(id), (delta) => session.hear(delta));
    if (this.watched.size === 0) this.startTimers();
    this.watched.set(id, { session, subscription });
    return session;
  }

  private end(session: WatchedSession): void {
    for (const viewer of [...session.viewers]) {
      viewer.close(unknownSessionCode);
      this.leave(session, viewer);
    }
  }

  private leave(session: WatchedSession, viewer: StatViewer): void {
    session.viewers.delete(viewer);
    const held = this.watched.get(session.id);
    if (session.viewers.size > 0 || held?.session !== session) return;
    held.subscription.unsubscribe();
    this.watched.delete(session.id);
    if (this.watched.size === 0) this.stopTimers();
  }

  private startTimers(): void {
    const pings = setInterval(() => this.ping(), keepaliveMs).unref();
    const comparisons = setInterval(() => void this.compare(), compareEveryMs).unref();
    this.timers = [pings, comparisons];
  }

  private stopTimers(): void {
    for (const timer of this.timers) clearInterval(timer);
    this.timers = [];
  }

  private ping(): void {
    for (const { session } of this.watched.values()) for (const viewer of session.viewers) viewer.ping();
  }

  /** A delta that never came is noticed by its revision. One that is on its way is no harm: it is old when it comes. */
  private async compare(): Promise<void> {
    try {
      const { sessions } = await this.revisions.many([...this.watched.keys()]);
      for (const { session } of this.watched.values()) {
        if (session.revision === undefined || session.revision !== sessions.get(session.id))
          await session.catchUp();
      }
    } catch (error) {
      this.logger.debug('revisions of watched sessions cannot be compared', { error }); // the next round tries again
    }
  }
}
