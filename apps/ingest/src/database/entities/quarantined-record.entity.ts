import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A record that could not be decoded or stored: its place in the log, and why. */
@Entity({ name: 'quarantine' })
// A hash index.
@Index('quarantine_file', { synchronize: false })
export class QuarantinedRecordEntity {
  /** Stream sequence of its fact. */
  @PrimaryColumn({ type: 'bigint' })
  sequence!: number;

  /** Line in the fact's body, from 0. */
  @PrimaryColumn({ type: 'integer' })
  line!: number;

  @Column({ type: 'text' })
  file!: string;

  @Column({ type: 'text' })
  source!: string;

  @Column({ type: 'text' })
  host!: string;

  @Column({ type: 'text' })
  path!: string;

  @Column({ type: 'text' })
  reason!: string;

  @Column({ type: 'text' })
  excerpt!: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  at!: Date;
}
