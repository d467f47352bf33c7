import type { AuditOutcome } from '@telltale/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What somebody did to accounts, settings or data. Postgres refuses to change or remove an entry. */
@Entity({ name: 'audit_entry' })
export class AuditEntryEntity {
  /** Ascending in the order of writing. */
  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  id!: number;

  @Column({ type: 'timestamptz' })
  at!: Date;

  /** Who; null where nobody was known. No foreign key: entries outlive users. */
  @Column({ type: 'text', nullable: true })
  username!: string | null;

  /** The API token that was used, if any. */
  @Column({ type: 'text', name: 'token_id', nullable: true })
  tokenId!: string | null;

  @Column({ type: 'text', nullable: true })
  address!: string | null;

  @Column({ type: 'text' })
  action!: string;

  /** What it was done to. */
  @Column({ type: 'text', nullable: true })
  target!: string | null;

  @Column({ type: 'text' })
  outcome!: AuditOutcome;

  /** The HTTP status of the answer. */
  @Column({ type: 'integer', nullable: true })
  status!: number | null;

  @Column({ type: 'jsonb' })
  details!: object;
}
