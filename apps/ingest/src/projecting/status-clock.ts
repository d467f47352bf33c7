import { viewOf } from '@telltale/domain';
import type { Logger } from '@telltale/platform';
import type { ClientBase, Pool } from 'pg';
import type { ClockLease } from './clock-lease';
import type { LivePublisher } from './live-publisher';
import { upsertSessions } from './rows';
import { lockSessions } from './slice-reader';

const batch = 200;
const longestSleepMs = 5_000;

/**
 * Time alone changes statuses: the one replica that holds the clock's lease wakes when the next `status_until`
 * passes, writes the new views and emits them.
 */
export class StatusClock {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly pool: Pool,
    private readonly lease: ClockLease,
    private readonly live: LivePublisher,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.schedule(0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private schedule(ms: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.tick().then(
        (next) => this.schedule(next),
        (error: unknown) => {
          // The database may be away: time goes on, and so do we.
          this.logger.warn('statuses could not be moved on', {
            problem: error instanceof Error ? error.message : String(error),
          });
          this.schedule(longestSleepMs);
        },
      );
    }, ms);
  }

  /** Moves what is due; returns the milliseconds until there may be more. */
  async tick(now = Date.now()): Promise<number> {
    if (!(await this.lease.hold())) return longestSleepMs;
    const client = await this.pool.connect();
    try {
      let moved: number;
      do moved = await this.moveDue(client, now);
      while (moved === batch && !this.stopped);
      return await untilNext(client, now);
    } finally {
      client.release();
    }
  }

  private async moveDue(client: ClientBase, now: number): Promise<number> {
    const due = await client.query<{ id: string }>(
      'select id from session where status_until <= to_timestamp($1 / 1000.0) order by status_until limit $2',
      [now, batch],
    );
    if (due.rows.length === 0) return 0;
    await client.query('begin');
    try {
      const stored = await lockSessions(
        client,
        due.rows.map(({ id }) => id),
      );
      const sessions = [...stored.values()].map((session) => ({
        stored: session,
        row: { state: session.state, view: viewOf(session.state, now), revision: session.revision + 1 },
      }));
      await upsertSessions.run(
        client,
        sessions.map(({ row }) => row),
      );
      await client.query('commit');
      const nothing = { items: [], usage: [], told: [], sessions: [], rollups: [], toolRollups: [] };
      const changes = { ...nothing, deleted: [], gone: [], removed: [] };
      const committedAt = performance.timeOrigin + performance.now();
      await this.live.emit({ changes, sessions, committedAt });
      return sessions.length;
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    }
  }
}

async function untilNext(client: ClientBase, now: number): Promise<number> {
  const { rows } = await client.query<{ next: number | null }>(
    'select (extract(epoch from min(status_until)) * 1000)::float8 as next from session',
  );
  const next = rows[0]?.next ?? null;
  return next === null ? longestSleepMs : Math.min(longestSleepMs, Math.max(10, next - now));
}
