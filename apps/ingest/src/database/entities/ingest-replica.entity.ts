import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A replica of ingest that runs, so that partitions can be shared out. */
@Entity({ name: 'ingest_replica' })
export class IngestReplicaEntity {
  @PrimaryColumn({ type: 'text' })
  owner!: string;

  /** By the database's clock. */
  @Column({ type: 'timestamptz', name: 'seen_at' })
  seenAt!: Date;
}
