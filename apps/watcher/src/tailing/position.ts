import type { Identity } from './fingerprint';
import type { PartState } from './next-cut';

/** How far a file is in the log: what its subject's last fact says. */
export interface Position {
  /** Sequence of the subject's last fact; 0 where there is none, or none is known. */
  readonly sequence: number;
  /** Undefined: the next fact mints one and starts at byte 0. */
  readonly generation: string | undefined;
  /** Bytes of the generation that are in the log. */
  readonly offset: number;
  readonly identity: Identity | undefined;
  /** Fingerprint of up to 1 KiB before `offset`; empty at 0. */
  readonly tail: string;
  /** Set while a long line is only partly in the log. */
  readonly part: PartState | undefined;
  /** What the reader noted with the last fact. */
  readonly cursor: string | undefined;
  /** The last fact says that the file was removed. */
  readonly removed: boolean;
  /** The last fact says that the file's session was deleted for good: nothing of it is read or published any more. */
  readonly deleted: boolean;
  /** It was read from the log: the file's first bytes have not been compared yet. */
  readonly unproven: boolean;
}

/** A file that the log knows nothing of. */
export const beginning: Position = {
  sequence: 0,
  generation: undefined,
  offset: 0,
  identity: undefined,
  tail: '',
  part: undefined,
  cursor: undefined,
  removed: false,
  deleted: false,
  unproven: false,
};

/** From byte 0 in a new generation; only the place in the log is kept, for compare-and-set. */
export function restarted(position: Position): Position {
  return { ...beginning, sequence: position.sequence, removed: position.removed };
}
