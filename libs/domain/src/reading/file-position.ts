import type { DecoderState } from '../decoding/decoder';

/** How far a file was read. JSON: it may be stored between two facts. */
export interface FilePosition {
  /** As the fact said that began the generation. */
  path: string;
  root: string;
  /** Empty before anything was read. */
  generation: string;
  /** Bytes of the generation that were read. */
  offset: number;
  /** What the decoder remembers between two lines. */
  state: DecoderState;
  /** Sequence of the first part of a line whose last part has not come yet. */
  partSequence: number | null;
  removed: boolean;
}

/** Of a file of which nothing was read. */
export function unreadPosition(): FilePosition {
  return { path: '', root: '', generation: '', offset: 0, state: {}, partSequence: null, removed: false };
}
