import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A one-time link's token. Only its hash is kept. */
@Entity({ name: 'sign_in_token' })
export class SignInTokenEntity {
  /** SHA-256 of the token, hex. */
  @PrimaryColumn({ type: 'text', name: 'token_hash' })
  tokenHash!: string;

  @Column({ type: 'text' })
  username!: string;

  @Column({ type: 'timestamptz', name: 'expires_at' })
  expiresAt!: Date;

  @Column({ type: 'timestamptz', name: 'used_at', nullable: true })
  usedAt!: Date | null;
}
