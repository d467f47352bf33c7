import type { Pool } from 'pg';

/** A partition this replica may project, as its checkpoint row says. */
export interface HeldPartition {
  readonly partition: number;
  readonly epoch: number;
  sequence: number;
  /** `ce-id` of the fact at `sequence`; null before the first. */
  factId: string | null;
}

export const leaseMs = 6_000;

/**
 * Partitions are shared out by leases on their checkpoint rows, by the database's clock. A commit renews its own;
 * idle ones are renewed here, all in one statement.
 */
export class Leases {
  constructor(
    private readonly pool: Pool,
    readonly owner: string,
  ) {}

  /** Says that this replica runs; returns how many partitions are its fair share. */
  async announce(partitions: number): Promise<number> {
    const { rows } = await this.pool.query<{ replicas: number }>(
      `with me as (insert into ingest_replica (owner, seen_at) values ($1, now()) on conflict (owner) do update set seen_at = now()),
            gone as (delete from ingest_replica where seen_at < now() - interval '1 minute')
       select count(*)::int as replicas from ingest_replica where owner <> $1 and seen_at > now() - $2 * interval '1 millisecond'`,
      [this.owner, leaseMs],
    );
    return Math.ceil(partitions / ((rows[0]?.replicas ?? 0) + 1));
  }

  /** Takes free, expired or own partitions, at most `limit` of them. */
  async acquire(limit: number, held: readonly number[]): Promise<HeldPartition[]> {
    if (limit <= 0) return [];
    const { rows } = await this.pool.query<{
      partition: number;
      epoch: number;
      sequence: number;
      fact_id: string | null;
    }>(
      `update checkpoint set owner = $1, epoch = epoch + 1, expires_at = now() + $2 * interval '1 millisecond'
       where partition in (
         select partition from checkpoint
         where partition <> all($4::smallint[]) and (owner is null or owner = $1 or expires_at is null or expires_at < now())
         order by (owner is not distinct from $1) desc, partition limit $3 for update skip locked)
       returning partition, epoch, sequence, fact_id`,
      [this.owner, leaseMs, limit, held],
    );
    return rows.map((row) => ({
      partition: row.partition,
      epoch: row.epoch,
      sequence: row.sequence,
      factId: row.fact_id,
    }));
  }

  /** Renews idle leases; returns the partitions that are still ours. */
  async renew(held: readonly HeldPartition[]): Promise<Set<number>> {
    const { rows } = await this.pool.query<{ partition: number }>(
      `update checkpoint set expires_at = now() + $2 * interval '1 millisecond'
       from unnest($3::smallint[], $4::bigint[]) as mine(partition, epoch)
       where checkpoint.partition = mine.partition and checkpoint.epoch = mine.epoch and checkpoint.owner = $1
       returning checkpoint.partition`,
      [this.owner, leaseMs, held.map((h) => h.partition), held.map((h) => h.epoch)],
    );
    return new Set(rows.map((row) => row.partition));
  }

  async release(held: readonly HeldPartition[]): Promise<void> {
    await this.pool.query(
      `update checkpoint set owner = null, expires_at = null
       from unnest($1::smallint[], $2::bigint[]) as mine(partition, epoch)
       where checkpoint.partition = mine.partition and checkpoint.epoch = mine.epoch`,
      [held.map((h) => h.partition), held.map((h) => h.epoch)],
    );
  }

  /** The checkpoint restarts at the log's first sequence: another incarnation of the log is replayed. */
  async restart(held: HeldPartition): Promise<void> {
    // Sequences of the lost log mean nothing in the new one.
    await this.pool.query(
      `with files as (update file_state set last_sequence = 0, part_sequence = null, generation = '' where partition = $1 returning file),
            reasons as (delete from quarantine where file in (select file from files))
       update checkpoint set sequence = 0, fact_id = null where partition = $1 and epoch = $2`,
      [held.partition, held.epoch],
    );
    held.sequence = 0;
    held.factId = null;
  }

  /** Says that this replica is gone. */
  async leave(): Promise<void> {
    await this.pool.query('delete from ingest_replica where owner = $1', [this.owner]);
  }
}
