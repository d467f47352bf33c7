import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a watcher said last: so that one which went silent is known after a restart, and by every replica. */
@Entity({ name: 'watcher' })
export class WatcherEntity {
  @PrimaryColumn({ type: 'text' })
  host!: string;

  /** Its heartbeat, of whichever version: parsed when read. */
  @Column({ type: 'json' })
  heartbeat!: unknown;

  /** By the gateway's clock: hosts' clocks differ. */
  @Column({ type: 'timestamptz', name: 'last_seen_at' })
  lastSeenAt!: Date;
}
