import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A sign-in that its user ended before its token expires. */
@Entity({ name: 'ended_sign_in' })
export class EndedSignInEntity {
  /** The `jti` of the token. */
  @PrimaryColumn({ type: 'text' })
  id!: string;

  @Column({ type: 'text' })
  username!: string;

  /** From here on nobody has to remember it. */
  @Column({ type: 'timestamptz', name: 'expires_at' })
  expiresAt!: Date;
}
