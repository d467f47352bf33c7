import type { TokenScope } from '@telltale/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A token for programs. Only its hash is kept. */
@Entity({ name: 'api_token' })
export class ApiTokenEntity {
  /** The part of the token that is no secret. */
  @PrimaryColumn({ type: 'text' })
  id!: string;

  /** SHA-256 of the whole token, hex. */
  @Column({ type: 'text', name: 'token_hash' })
  tokenHash!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text', array: true })
  scopes!: TokenScope[];

  /** Who made it; goes with that user. */
  @Column({ type: 'text' })
  username!: string;

  /** The API token it was made with; goes with that token. Null: a person made it. */
  @Column({ type: 'text', name: 'made_by', nullable: true })
  madeBy!: string | null;

  @Column({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;

  /** Null: never. */
  @Column({ type: 'timestamptz', name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  /** Written at most once a minute. */
  @Column({ type: 'timestamptz', name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;
}
