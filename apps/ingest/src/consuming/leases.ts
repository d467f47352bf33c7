import { Brackets, type DataSource, type SelectQueryBuilder, type UpdateResult } from 'typeorm';
import { z } from 'zod';
import { CheckpointEntity } from '../database/entities/checkpoint.entity';
import { FileStateEntity } from '../database/entities/file-state.entity';
import { IngestReplicaEntity } from '../database/entities/ingest-replica.entity';
import { QuarantinedRecordEntity } from '../database/entities/quarantined-record.entity';

/** A partition this replica may project, as its checkpoint row says. */
export interface HeldPartition {
  readonly partition: number;
  readonly epoch: number;
  sequence: number;
  /** `ce-id` of the fact at `sequence`; null before the first. */
  factId: string | null;
}

export const leaseMs = 6_000;

/** The database's clock says when a lease ends, whatever time it is here. */
const leaseEnd = () => `now() + ${leaseMs} * interval '1 millisecond'`;

const takenRows = z.array(
  z.object({
    partition: z.number(),
    epoch: z.number(),
    sequence: z.number(),
    fact_id: z.string().nullable(),
  }),
);
const keptRows = z.array(z.object({ partition: z.number() }));

/**
 * Partitions are shared out by leases on their checkpoint rows, by the database's clock. A commit renews its own;
 * idle ones are renewed here, all in one statement.
 */
export class Leases {
  constructor(
    private readonly database: DataSource,
    private readonly owner: string,
  ) {}

  /** Says that this replica runs; returns how many partitions are its fair share. */
  async announce(partitions: number): Promise<number> {
    const replicas = this.database.getRepository(IngestReplicaEntity);
    await replicas
      .createQueryBuilder()
      .insert()
      .values({ owner: this.owner, seenAt: () => 'now()' })
      .orUpdate(['seen_at'], ['owner'])
      .execute();
    await replicas.createQueryBuilder().delete().where("seen_at < now() - interval '1 minute'").execute();
    const others = await replicas
      .createQueryBuilder('replica')
      .where('replica.owner <> :owner', { owner: this.owner })
      .andWhere("replica.seenAt > now() - :leaseMs * interval '1 millisecond'", { leaseMs })
      .getCount();
    return Math.ceil(partitions / (others + 1));
  }

  /** Takes free, expired or own partitions, at most `limit` of them. */
  async acquire(limit: number, held: readonly number[]): Promise<HeldPartition[]> {
    if (limit <= 0) return [];
    const free = this.database
      .createQueryBuilder(CheckpointEntity, 'free')
      .select('free.partition')
      .where('free.partition <> all(:held::smallint[])', { held })
      .andWhere(
        new Brackets((or) =>
          or
            .where('free.owner is null')
            .orWhere('free.owner = :owner', { owner: this.owner })
            .orWhere('free.expiresAt is null')
            .orWhere('free.expiresAt < now()'),
        ),
      )
      .orderBy('(free.owner is not distinct from :owner)', 'DESC')
      .addOrderBy('free.partition')
      .limit(limit)
      .setLock('pessimistic_write')
      .setOnLocked('skip_locked');
    const taken = await this.database
      .createQueryBuilder()
      .update(CheckpointEntity)
      .set({ owner: this.owner, epoch: () => 'epoch + 1', expiresAt: leaseEnd })
      .where(`partition in (${free.getQuery()})`, free.getParameters())
      .returning(['partition', 'epoch', 'sequence', 'factId'])
      .execute();
    return rowsOf(takenRows, taken).map(({ fact_id: factId, ...row }) => ({ ...row, factId }));
  }

  /** Renews idle leases; returns the partitions that are still ours. */
  async renew(held: readonly HeldPartition[]): Promise<Set<number>> {
    if (held.length === 0) return new Set();
    const ours = this.locked(held).andWhere('held.owner = :owner', { owner: this.owner });
    const kept = await this.database
      .createQueryBuilder()
      .update(CheckpointEntity)
      .set({ expiresAt: leaseEnd })
      .where(`partition in (${ours.getQuery()})`, ours.getParameters())
      .returning(['partition'])
      .execute();
    return new Set(rowsOf(keptRows, kept).map(({ partition }) => partition));
  }

  async release(held: readonly HeldPartition[]): Promise<void> {
    if (held.length === 0) return;
    const ours = this.locked(held);
    await this.database
      .createQueryBuilder()
      .update(CheckpointEntity)
      .set({ owner: null, expiresAt: null })
      .where(`partition in (${ours.getQuery()})`, ours.getParameters())
      .execute();
  }

  /** Locks them in their order, as commits of several partitions do: neither waits for the other while it waits. */
  private locked(held: readonly HeldPartition[]): SelectQueryBuilder<CheckpointEntity> {
    return this.database
      .createQueryBuilder(CheckpointEntity, 'held')
      .select('held.partition')
      .where(
        '(held.partition, held.epoch) in (select * from unnest(:partitions::smallint[], :epochs::bigint[]))',
        {
          partitions: held.map(({ partition }) => partition),
          epochs: held.map(({ epoch }) => epoch),
        },
      )
      .orderBy('held.partition')
      .setLock('pessimistic_write');
  }

  /**
   * The checkpoint restarts at the log's first sequence: another incarnation of the log is replayed. Sequences of the
   * lost log mean nothing in the new one.
   *
   * @throws when the lease was lost: then nothing has changed
   */
  async restart(held: HeldPartition): Promise<void> {
    const { partition, epoch } = held;
    await this.database.transaction(async (manager) => {
      const files = manager
        .createQueryBuilder(FileStateEntity, 'state')
        .select('state.file')
        .where('state.partition = :partition', { partition });
      await manager.update(
        FileStateEntity,
        { partition },
        { lastSequence: 0, partSequence: null, generation: '', tombstone: () => 'tombstone * 0' },
      );
      await manager
        .createQueryBuilder()
        .delete()
        .from(QuarantinedRecordEntity)
        .where(`file in (${files.getQuery()})`, files.getParameters())
        .execute();
      const moved = await manager.update(
        CheckpointEntity,
        { partition, epoch },
        { sequence: 0, factId: null },
      );
      if (moved.affected !== 1) throw new Error(`the lease of partition ${partition} was lost`);
    });
    held.sequence = 0;
    held.factId = null;
  }

  /** Says that this replica is gone. */
  async leave(): Promise<void> {
    await this.database.getRepository(IngestReplicaEntity).delete({ owner: this.owner });
  }
}

/** What RETURNING gave, which TypeORM does not type. */
function rowsOf<Rows>(schema: z.ZodType<Rows>, { raw }: UpdateResult): Rows {
  return schema.parse(raw);
}
