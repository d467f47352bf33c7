import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far a partition of the log was projected. The row is the partition's lease too. */
@Entity({ name: 'checkpoint' })
export class CheckpointEntity {
  @PrimaryColumn({ type: 'smallint' })
  partition!: number;

  /** Stream sequence of the last fact projected, 0 before the first. */
  @Column({ type: 'bigint', default: 0 })
  sequence!: number;

  /** `ce-id` of that fact. */
  @Column({ type: 'text', name: 'fact_id', nullable: true })
  factId!: string | null;

  @Column({ type: 'text', nullable: true })
  owner!: string | null;

  /** Grows each time the lease is taken: an owner of an older one can commit nothing. */
  @Column({ type: 'bigint', default: 0 })
  epoch!: number;

  /** By the database's clock. */
  @Column({ type: 'timestamptz', name: 'expires_at', nullable: true })
  expiresAt!: Date | null;
}
