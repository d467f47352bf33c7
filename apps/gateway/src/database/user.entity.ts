import type { Role } from '@telltale/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** SQL: a version that no user ever had. */
export const nextTokenVersion = "nextval('user_token_version')";

@Entity({ name: 'user' })
export class UserEntity {
  @PrimaryColumn({ type: 'text' })
  username!: string;

  @Column({ type: 'text' })
  role!: Role;

  /** argon2id in PHC notation, parameters and salt included. */
  @Column({ type: 'text', name: 'password_hash' })
  passwordHash!: string;

  /** Part of every token given out: another one makes all earlier ones void. Never given out twice. */
  @Column({ type: 'integer', name: 'token_version', default: () => nextTokenVersion })
  tokenVersion!: number;

  /** Since when the user may not come in; null: may. */
  @Column({ type: 'timestamptz', name: 'disabled_at', nullable: true })
  disabledAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'last_sign_in_at', nullable: true })
  lastSignInAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
