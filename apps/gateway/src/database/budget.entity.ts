import type { BudgetScope } from '@telltale/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ name: 'budget' })
export class BudgetEntity {
  @PrimaryColumn({ type: 'text' })
  id!: string;

  /** Place in the set. */
  @Column({ type: 'integer' })
  position!: number;

  @Column({ type: 'text' })
  scope!: BudgetScope;

  /** The session's id or the project's path; null: each, or all. */
  @Column({ type: 'text', nullable: true })
  key!: string | null;

  @Column({ type: 'double precision', name: 'limit_usd' })
  limitUsd!: number;

  @Column({ type: 'double precision', array: true })
  thresholds!: number[];

  /** As it was given; null: UTC. */
  @Column({ type: 'text', nullable: true })
  tz!: string | null;

  /** Since when it is as it is. */
  @Column({ type: 'timestamptz' })
  since!: Date;
}
