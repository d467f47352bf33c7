import { isWholeRecord } from './whole-record';

const newline = 0x0a;

/** The part of a long line that was published last: `k` of `n`, each but the last `size` bytes long. */
export interface PartState {
  readonly k: number;
  readonly n: number;
  readonly size: number;
}

/** What to publish next of the bytes after an offset. */
export type Cut =
  /** The first `length` bytes: whole lines. */
  | { readonly kind: 'lines'; readonly length: number }
  /** The first `length` bytes: one part of a line longer than a fact. */
  | { readonly kind: 'part'; readonly length: number; readonly k: number; readonly n: number }
  /** No whole line there yet. */
  | { readonly kind: 'half' }
  /** The line is longer than a fact: its end has to be searched for before its first part can be published. */
  | { readonly kind: 'long' }
  /** A line of which parts are published is not there as it was: the file changed. */
  | { readonly kind: 'changed' };

/**
 * Decides what the next fact holds. Pure.
 *
 * @param fresh the bytes after the offset, at most `room` of them
 * @param reach.room bytes a fact carries at most
 * @param reach.atEnd the fresh bytes reach to the file's end: a last record is whole there also without its newline
 * @param part set where the offset lies within a long line
 */
export function nextCut(fresh: Uint8Array, reach: { room: number; atEnd: boolean }, part?: PartState): Cut {
  if (part) return nextPart(fresh, part);
  const { room, atEnd } = reach;
  const end = fresh.lastIndexOf(newline);
  if (atEnd && isWholeRecord(fresh.subarray(end + 1))) return { kind: 'lines', length: fresh.length };
  if (end >= 0) return { kind: 'lines', length: end + 1 };
  return fresh.length < room ? { kind: 'half' } : { kind: 'long' };
}

/** The first part of a line of `length` bytes, its newline included, that does not fit a fact. */
export function firstPart(length: number, room: number): Cut {
  return { kind: 'part', length: room, k: 1, n: Math.ceil(length / room) };
}

function nextPart(fresh: Uint8Array, { k, n, size }: PartState): Cut {
  // The parts of a line have one size, whatever a fact's limit is today, so that the last one ends at the newline.
  const bytes = fresh.subarray(0, size);
  const end = bytes.indexOf(newline);
  const isLast = k + 1 === n;
  if (isLast) return end < 0 ? { kind: 'changed' } : { kind: 'part', length: end + 1, k: n, n };
  const intact = bytes.length === size && end < 0;
  return intact ? { kind: 'part', length: size, k: k + 1, n } : { kind: 'changed' };
}
