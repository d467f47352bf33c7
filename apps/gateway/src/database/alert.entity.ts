import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What was told, for ever. */
@Entity({ name: 'alert' })
export class AlertEntity {
  /** Ascending in the order of raising. */
  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  id!: number | bigint;

  @Column({ type: 'text' })
  kind!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;

  @Column({ type: 'text', name: 'session_id', nullable: true })
  sessionId!: string | null;

  @Column({ type: 'text' })
  message!: string;

  /** Of whichever version: parsed when read. */
  @Column({ type: 'jsonb' })
  data!: unknown;

  /** When it was published; null: not yet. */
  @Column({ type: 'timestamptz', name: 'told_at', nullable: true })
  toldAt!: Date | null;
}
