import type { Span } from '../rules/rule';
import { isHex } from '../structure/json-escapes';
import { backslashesBefore } from '../structure/json-walk';
import type { MaskedCopy } from './masked-copy';

const backslash = 0x5c;
const star = 0x2a;
const space = 0x20;
const longestEscape = 6;

/**
 * Puts stars for the bytes `[from, to)` of a text in JSON. Escapes stay as they are, however deep: so what was JSON is
 * JSON, and lines stay lines.
 *
 * @returns whether anything changed
 */
export function starOut(bytes: Uint8Array, [from, to]: Span, copy: MaskedCopy): boolean {
  let changed = false;
  for (let i = afterEscape(bytes, from); i < to;) {
    if (bytes[i] === backslash) {
      i = escapeEnd(bytes, i);
      continue;
    }
    // A raw control character makes the line no JSON, and is nobody's secret.
    if ((bytes[i] ?? 0) >= space && copy.byteAt(i) !== star) {
      copy.put(i, star);
      changed = true;
    }
    i++;
  }
  return changed;
}

/** Where an escape ends that begins at `at`: a run of backslashes and what they escape. */
function escapeEnd(bytes: Uint8Array, at: number): number {
  let i = at;
  while (bytes[i] === backslash) i++;
  if (bytes[i] !== 0x75) return i + 1;
  let end = i + 1;
  while (end < i + 5 && isHex(bytes[end])) end++;
  return end;
}

/** `at` itself, or the end of the escape in which it stands. */
function afterEscape(bytes: Uint8Array, at: number): number {
  for (let last = at - 1; last >= Math.max(0, at - longestEscape); last--) {
    if (bytes[last] !== backslash) continue;
    return Math.max(at, escapeEnd(bytes, last - backslashesBefore(bytes, 0, last)));
  }
  return at;
}
