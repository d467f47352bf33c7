import { escapedBytes, isShort, unitLength } from '../structure/json-text';

/** What the product shows of a text before somebody asks for all of it. */
export const previewBytes = 2048;
/** A preview is never longer than this as it is written: every character escaped. */
export const longestPreview = 6 * previewBytes + 16;

const backslash = 0x5c;
const quote = 0x22;

/**
 * Where a string that begins at `start` is cut: behind its first 2 KiB of text in UTF-8, at a whole character.
 * Undefined where it ends before.
 */
export function previewCut(bytes: Uint8Array, start: number, limit: number): number | undefined {
  // No text is longer than what it is written with.
  if (isShort(bytes, start, limit, previewBytes)) return undefined;
  let i = start;
  let size = 0;
  while (i < limit && bytes[i] !== quote) {
    const length = isPlain(bytes[i] as number) ? 1 : unitLength(bytes, i);
    size += bytes[i] === backslash ? escapedBytes(bytes, i) : length;
    if (size > previewBytes) return i;
    i += length;
  }
  return undefined;
}

/** A character of its own, one byte long. */
function isPlain(byte: number): boolean {
  return byte < 0x80 && byte !== backslash;
}
