import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import type { FactType } from '@telltale/contracts';
import type { Identity } from './fingerprint';
import type { LineSearch } from './line-search';
import type { PartState } from './next-cut';

/** What of a file's metadata is compared to see that it changed. */
export interface FileStat {
  readonly size: number;
  /** Epoch milliseconds with fraction. */
  readonly mtimeMs: number;
  readonly inode: number;
}

export function fileStat(stats: Stats): FileStat {
  return { size: stats.size, mtimeMs: stats.mtimeMs, inode: stats.ino };
}

/** The body of the next fact of a file, and what its headers say. */
export interface FreshBytes {
  readonly kind: 'bytes';
  /** The file's own bytes are `file.appended`, which it is where nothing is said. */
  readonly type?: FactType;
  /** The reader's own note of how far it is, given back in the position. */
  readonly cursor?: string;
  readonly bytes: Uint8Array;
  readonly generation: string;
  readonly from: number;
  readonly to: number;
  readonly part: PartState | undefined;
  /** Of a part, and needed there: bytes of the same line around it, in which the part begins at `at`. */
  readonly around?: { readonly bytes: Uint8Array; readonly at: number };
  readonly identity: Identity;
  readonly tail: string;
  readonly stat: FileStat;
  /** There may be more to publish behind it already. */
  readonly more: boolean;
}

export type Reading =
  | FreshBytes
  /** Nothing to publish, and nothing behind it unless it `waits`. `search`: a long line is half written. */
  | {
      readonly kind: 'nothing';
      readonly stat: FileStat;
      readonly search: LineSearch | undefined;
      /** The reader is at work beside the file's turns, and asks for one when it is done. */
      readonly waits?: true;
    }
  | { readonly kind: 'gone' };

/** A file's next fact starts a new generation with this id. */
export function newGeneration(): string {
  return randomUUID();
}
