import type { DecoderState } from '@telltale/domain';

/** A file as far as it was read: its decoder's state between two lines. */
export interface FileState {
  /** `<source>.<host token>.<hash>`: the tail of the file's subject. */
  readonly file: string;
  readonly partition: number;
  readonly source: string;
  readonly host: string;
  path: string;
  root: string;
  generation: string;
  /** Bytes of the generation that were read. */
  offset: number;
  decoderVersion: number;
  state: DecoderState;
  sessionId: string | null;
  /** Sequence of the first part of a line whose last part has not come yet. */
  partSequence: number | null;
  lastSequence: number;
  removed: boolean;
  /** Why nothing of this file is read any more, for example an unknown fact version. */
  parked: string | null;
}

export interface QuarantinedRecord {
  readonly sequence: number;
  readonly line: number;
  readonly file: string;
  readonly source: string;
  readonly host: string;
  readonly path: string;
  readonly reason: string;
  readonly excerpt: string;
}
