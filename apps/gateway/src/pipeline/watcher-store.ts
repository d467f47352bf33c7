import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { watcherHeartbeatSchema, type WatcherHeartbeat } from '@telltale/contracts';
import { DataSource, LessThan } from 'typeorm';
import { WatcherEntity } from '../database/watcher.entity';

/** A sign of life. */
export interface Seen {
  readonly heartbeat: WatcherHeartbeat;
  /** Epoch milliseconds of a gateway. */
  readonly at: number;
}

/** The last signs of life that were kept, for restarts and for other replicas. */
@Injectable()
export class WatcherStore {
  constructor(@InjectDataSource() private readonly database: DataSource) {}

  /** By host. One that another version kept in a shape unknown here is left out. */
  async all(): Promise<Map<string, Seen>> {
    const kept = new Map<string, Seen>();
    for (const { host, heartbeat, lastSeenAt } of await this.watchers.find()) {
      const parsed = watcherHeartbeatSchema.safeParse(heartbeat);
      if (parsed.success) kept.set(host, { heartbeat: parsed.data, at: lastSeenAt.getTime() });
    }
    return kept;
  }

  /** Never puts an older one in the place of a newer one, which another replica may have kept. */
  async keep({ heartbeat, at }: Seen): Promise<void> {
    await this.database.query(
      `insert into watcher (host, heartbeat, last_seen_at) values ($1, $2, $3)
       on conflict (host) do update set heartbeat = excluded.heartbeat, last_seen_at = excluded.last_seen_at
       where watcher.last_seen_at < excluded.last_seen_at`,
      [heartbeat.host, JSON.stringify(heartbeat), new Date(at)],
    );
  }

  /** False where there is no such host. */
  async forget(host: string): Promise<boolean> {
    return Boolean((await this.watchers.delete({ host })).affected);
  }

  /** @param at epoch milliseconds */
  async forgetNotSeenSince(at: number): Promise<void> {
    await this.watchers.delete({ lastSeenAt: LessThan(new Date(at)) });
  }

  private get watchers() {
    return this.database.getRepository(WatcherEntity);
  }
}
