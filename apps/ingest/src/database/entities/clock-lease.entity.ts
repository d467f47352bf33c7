import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Which replica moves statuses whose time has passed: one row. */
@Entity({ name: 'clock_lease' })
@Check('clock_lease_singleton_check', 'singleton')
export class ClockLeaseEntity {
  @PrimaryColumn({ type: 'boolean', default: true })
  singleton!: boolean;

  @Column({ type: 'text', nullable: true })
  owner!: string | null;

  @Column({ type: 'bigint', default: 0 })
  epoch!: number;

  /** By the database's clock. */
  @Column({ type: 'timestamptz', name: 'expires_at', nullable: true })
  expiresAt!: Date | null;
}
