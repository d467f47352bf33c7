import type { DecoderState } from '@telltale/domain';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A file as far as it was read, as its row says; what the columns mean: `projecting/file-state.ts`. */
@Entity({ name: 'file_state' })
@Index('file_state_session', ['sessionId'])
// A GIN index, and partial ones.
@Index('file_state_unerased', { synchronize: false })
@Index('file_state_sessions', { synchronize: false })
@Index('file_state_retry', { synchronize: false })
export class FileStateEntity {
  @PrimaryColumn({ type: 'text' })
  file!: string;

  @Column({ type: 'smallint' })
  partition!: number;

  @Column({ type: 'text' })
  source!: string;

  @Column({ type: 'text' })
  host!: string;

  @Column({ type: 'text' })
  path!: string;

  @Column({ type: 'text' })
  root!: string;

  @Column({ type: 'text' })
  generation!: string;

  @Column({ type: 'bigint' })
  offset!: number;

  @Column({ type: 'integer', name: 'decoder_version' })
  decoderVersion!: number;

  @Column({ type: 'jsonb' })
  state!: DecoderState;

  @Column({ type: 'text', name: 'session_id', nullable: true })
  sessionId!: string | null;

  @Column({ type: 'text', array: true, default: '{}' })
  sessions!: string[];

  @Column({ type: 'text', array: true, default: '{}' })
  entombed!: string[];

  @Column({ type: 'bigint', nullable: true })
  tombstone!: number | null;

  /** The tombstone before which all that was to go is gone. */
  @Column({ type: 'bigint', nullable: true })
  erased!: number | null;

  /** Its quarantined records are to be read again. */
  @Column({ type: 'boolean', default: false })
  retry!: boolean;

  @Column({ type: 'bigint', name: 'part_sequence', nullable: true })
  partSequence!: number | null;

  @Column({ type: 'bigint', name: 'last_sequence' })
  lastSequence!: number;

  @Column({ type: 'boolean', default: false })
  removed!: boolean;

  @Column({ type: 'text', nullable: true })
  parked!: string | null;
}
