import type { Span } from '../rules/rule';
import { isEscape } from '../structure/json-escapes';
import { backslashesBefore } from '../structure/json-walk';
import type { MaskedCopy } from './masked-copy';

const backslash = 0x5c;
const space = 0x20;

/**
 * Blanks the bytes `[from, to)` of a JSON string. What makes it no JSON (raw control characters, escapes that are none)
 * stays: a line that is refused as it is must be refused without its content, too.
 *
 * @param since bytes of the same string may be looked at from here on
 */
export function blankOut(bytes: Uint8Array, [from, to]: Span, since: number, copy: MaskedCopy): void {
  if (from >= to) return;
  copy.fill(from, to, space);
  // The first byte may be what a backslash before it escapes.
  let i = from + (backslashesBefore(bytes, since, from) % 2);
  if (i > from) keepControl(bytes, from, copy);
  for (; i < to; i++) {
    const byte = bytes[i] as number;
    if (byte < space) copy.put(i, byte);
    if (byte !== backslash) continue;
    if (!isEscape(bytes, i)) copy.put(i, byte);
    i++;
    if (i < to) keepControl(bytes, i, copy);
  }
}

function keepControl(bytes: Uint8Array, at: number, copy: MaskedCopy): void {
  const byte = bytes[at] as number;
  if (byte < space) copy.put(at, byte);
}
