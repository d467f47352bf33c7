import { isEscape } from './json-escapes';
import { asBuffer, latin1 } from './latin1';

const backslash = 0x5c;
const quote = 0x22;
const small = { b: 8, f: 12, n: 10, r: 13, t: 9 } as const;

/** Text that was written in a JSON string, and where each of its UTF-16 units stands there. */
export interface JsonText {
  readonly text: string;
  /** Index of each unit's first byte; one entry more than units, the end. */
  readonly places: readonly number[];
  /** The string's closing quote was reached. */
  readonly whole: boolean;
}

/** Reads the inside of a JSON string from `start` up to its quote or `limit`. Bytes that are no UTF-8 are U+FFFD each. */
export function jsonTextAt(bytes: Uint8Array, start: number, limit: number): JsonText {
  const places: number[] = [];
  let text = '';
  let i = start;
  let whole = false;
  while (i < limit) {
    if (bytes[i] === quote) {
      whole = true;
      break;
    }
    const length = Math.min(unitLength(bytes, i), limit - i);
    const unit = bytes[i] === backslash ? unescaped(bytes, i) : characterAt(bytes, i, length);
    for (let n = 0; n < unit.length; n++) places.push(i);
    text += unit;
    i += length;
  }
  places.push(i);
  return { text, places, whole };
}

/** Bytes from here to the next place where a JSON string may be cut: an escape, or a character of UTF-8. */
export function unitLength(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] ?? 0;
  if (byte === backslash) return bytes[at + 1] === 0x75 && isEscape(bytes, at) ? 6 : 2;
  const length = sequenceLength(byte);
  for (let i = 1; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 1;
  return length;
}

/** Of a character of UTF-8 that begins with this byte; 1 where none does. */
function sequenceLength(byte: number): number {
  if (byte < 0xc2 || byte > 0xf4) return 1;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}

/** Bytes of UTF-8 that an escape stands for; of a surrogate, half of the pair's. */
export function escapedBytes(bytes: Uint8Array, at: number): number {
  if (bytes[at + 1] !== 0x75) return 1;
  const code = unescaped(bytes, at).charCodeAt(0);
  if (code >= 0xd800 && code < 0xe000) return 2;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
}

function unescaped(bytes: Uint8Array, at: number): string {
  const name = String.fromCharCode(bytes[at + 1] ?? 0);
  if (name === 'u') {
    const code = isEscape(bytes, at) ? Number.parseInt(latin1(bytes, at + 2, at + 6), 16) : 0xfffd;
    return String.fromCharCode(code);
  }
  return name in small ? String.fromCharCode(small[name as keyof typeof small]) : name;
}

function characterAt(bytes: Uint8Array, at: number, length: number): string {
  const byte = bytes[at] ?? 0;
  if (byte < 0x80) return String.fromCharCode(byte);
  return length === 1 ? '\ufffd' : asBuffer(bytes).toString('utf8', at, at + length);
}

/** Where the string goes on that has not ended before `from`: its closing quote, or `limit`. Looks back to `since`. */
export function stringEnd(bytes: Uint8Array, from: number, limit: number, since = from): number {
  let i = from;
  for (let run = from; run > since && bytes[run - 1] === backslash; run--) i = i === from ? from + 1 : from;
  while (i < limit && bytes[i] !== quote) i += bytes[i] === backslash ? 2 : 1;
  return Math.min(i, limit);
}

/** A string as it is written, if it ends within `length` bytes and before `limit`. */
export function shortString(
  bytes: Uint8Array,
  start: number,
  limit: number,
  length: number,
): string | undefined {
  const last = Math.min(limit, start + length);
  const end = stringEnd(bytes, start, last);
  return end < last ? latin1(bytes, start, end) : undefined;
}

/** Whether a string ends within `length` bytes and before `limit`. */
export function isShort(bytes: Uint8Array, start: number, limit: number, length: number): boolean {
  const last = Math.min(limit, start + length);
  return stringEnd(bytes, start, last) < last;
}

/** Letters, digits and what joins them in ids, paths, times and kinds: no blank, no quote, no escape. */
const wordBytes = new Uint8Array(256);
for (const byte of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:@<>/+~#=*-'))
  wordBytes[byte] = 1;

/** Whether a string is one word of at most `length` bytes. */
export function isWordAt(bytes: Uint8Array, start: number, limit: number, length: number): boolean {
  const last = Math.min(limit, start + length);
  let i = start;
  while (i < last && wordBytes[bytes[i] as number] === 1) i++;
  return i < last && bytes[i] === quote;
}
