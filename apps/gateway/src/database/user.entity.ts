import type { Role } from '@telltale/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ name: 'user' })
export class UserEntity {
  @PrimaryColumn({ type: 'text' })
  username!: string;

  @Column({ type: 'text' })
  role!: Role;

  /** argon2id in PHC notation, parameters and salt included. */
  @Column({ type: 'text', name: 'password_hash' })
  passwordHash!: string;

  /** Part of every token given out: raising it makes all earlier ones void. */
  @Column({ type: 'integer', name: 'token_version', default: 1 })
  tokenVersion!: number;

  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
