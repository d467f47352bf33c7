import type { Span } from '../rules/rule';
import { isNoJsonText } from '../structure/json-escapes';
import { jsonTextAt } from '../structure/json-text';
import { backslashesBefore } from '../structure/json-walk';
import { asBuffer, latin1 } from '../structure/latin1';
import { standInOf } from './stand-in';

/** `✅ Completed: …` is counted as an objective, told from others by its words. */
const marker =
  /[✓✅]\uFE0F?[\s*_]{0,32}(?:Completed|Done|Finished)[\s*_]{0,32}:[\s*_]{0,32}(?<words>\S[^\n]*)/dy;
/** Behind the sign and what may stand before the word. */
const word = /Completed|Done|Finished/;
const wordReach = 120;
const signs = ['\u2713', '\u2705', '\\u2713', '\\u2705'].map((sign) => Buffer.from(sign));
/** Bytes from a marker on that decide what is written for its words. */
export const markerReach = 4096;
const lineBreak = Buffer.from('\\n');
const empty = Buffer.alloc(0);

/** What is written of a marker into a text that is blanked: bytes, from `at` on. */
export interface KeptMarker {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/**
 * The markers of a JSON string whose bytes from `blank` to `end` are blanked: each with the line breaks around it, the
 * sign itself, and in the place of its words some characters that are the same for the same words. What is written
 * at a place depends on the {@link markerReach} bytes around it only.
 *
 * @param signs where a marker may begin, see {@link signsIn}
 */
export function markersIn(bytes: Uint8Array, [blank, end]: Span, signs: readonly number[]): KeptMarker[] {
  const kept: KeptMarker[] = [];
  let told = blank;
  for (let i = firstFrom(signs, blank); (signs[i] ?? end) < end; i++) {
    const at = signs[i] ?? end;
    if (at < told) continue; // it stands in the words of the one before
    const one = readMarker(bytes, at, end);
    if (one === undefined) continue;
    kept.push(...breakBefore(bytes, Math.max(blank, at - markerReach), at), ...one.kept);
    told = one.behind;
  }
  return kept;
}

function readMarker(
  bytes: Uint8Array,
  at: number,
  end: number,
): { readonly kept: readonly KeptMarker[]; readonly behind: number } | undefined {
  if (!word.test(latin1(bytes, at, Math.min(end, at + wordReach)))) return undefined;
  const { text, places } = jsonTextAt(bytes, at, Math.min(end, at + markerReach));
  marker.lastIndex = 0;
  const words = marker.exec(text)?.indices?.groups?.['words'];
  if (words === undefined) return undefined;
  const [begin, behind] = [places[words[0]] ?? at, places[words[1]] ?? at];
  const standIn = standInOf(text.slice(...words).replace(/[*_\s]+$/, '')).slice(0, behind - begin);
  const lineEnd = text[words[1]] === '\n' ? bytes.subarray(behind, places[words[1] + 1]) : empty;
  if (isNoJsonText(bytes, at, behind)) return undefined; // whoever reads the line refuses it, markers and all
  const kept = [
    { at, bytes: bytes.subarray(at, begin) },
    { at: begin, bytes: Buffer.from(standIn) },
    { at: behind, bytes: lineEnd },
  ];
  return { kept, behind };
}

/** The last line break before a marker stays: what is counted by lines would run together. */
function breakBefore(bytes: Uint8Array, from: number, at: number): KeptMarker[] {
  const before = asBuffer(bytes).subarray(from, at);
  for (let i = before.lastIndexOf(lineBreak); i >= 0; i = i > 0 ? before.lastIndexOf(lineBreak, i - 1) : -1) {
    if (backslashesBefore(before, 0, i) % 2 === 0) return [{ at: from + i, bytes: lineBreak }];
  }
  return [];
}

/** Every place where a marker may begin: its two signs, as they are or escaped. In order. */
export function signsIn(bytes: Uint8Array): readonly number[] {
  const buffer = asBuffer(bytes);
  const places: number[] = [];
  for (const sign of signs)
    for (let at = buffer.indexOf(sign); at >= 0; at = buffer.indexOf(sign, at + 1)) places.push(at);
  return places.sort((a, b) => a - b);
}

/** Index of the first place that is not before `from`. */
function firstFrom(places: readonly number[], from: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((places[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
