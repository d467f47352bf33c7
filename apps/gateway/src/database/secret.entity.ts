import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Keys that all replicas of the gateway share. */
@Entity({ name: 'secret' })
export class SecretEntity {
  @PrimaryColumn({ type: 'text' })
  name!: string;

  @Column({ type: 'bytea' })
  value!: Buffer;
}
