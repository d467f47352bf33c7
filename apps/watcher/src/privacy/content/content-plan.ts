import type { ContentMode } from '@telltale/contracts';
import type { Span } from '../rules/rule';
import { isShort, isWordAt, shortString } from '../structure/json-text';
import type { StringPlace } from '../structure/json-walk';
import { isWordInOpaque, structureOf } from '../structure/names';
import { keptWords } from './kept-words';
import { previewCut } from './preview-cut';
import { isToldByWords, standInAt } from './stand-in';

/** A string is blanked from `from` on, but for the spans that are kept. Places are indices of the bytes. */
export interface ContentPlan {
  readonly from: number;
  readonly kept: readonly Span[];
  /** Written at `from` into what is blanked, for the words up to `wordsTo`. */
  readonly standIn: string;
  readonly wordsTo: number;
}

const longestStructure = 1024;
const longestWord = 256;
/** A time under whatever name, as long as it is nothing else. */
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?$/;
const longestInstant = 40;
/**
 * Names that mean something to a tool; others hold what somebody wrote, a file's path or a question. One that was a
 * secret is stars by now, and stays what it is.
 */
const nameBytes = /^[\w$*][\w.$@*-]{0,63}$/;
/** Objects whose names are models. */
const modelNames = new Set(['modelUsage', 'models', 'tokensByModel']);
const nothing: readonly Span[] = [];
const nothingLeft = { kept: nothing, standIn: '', wordsTo: 0 } as const;

/** The few names that records are made of, and whether they are ones; names come from outside, so only so many. */
const names = new Map<string, boolean>();
const mostNames = 10_000;

/** What to blank of a string; undefined: nothing. Looks at bytes up to `limit` at most. */
export function contentPlan(
  mode: ContentMode,
  bytes: Uint8Array,
  start: number,
  { limit, place }: { limit: number; place: StringPlace },
): ContentPlan | undefined {
  if (mode === 'full' || isStructure(bytes, start, limit, place)) return undefined;
  if (mode === 'none') return { from: start, ...wordsLeft(bytes, start, limit, place) };
  const cut = place.isKey ? undefined : previewCut(bytes, start, limit);
  return cut === undefined ? undefined : { from: cut, ...nothingLeft };
}

/** What of a text counts rest on. */
function wordsLeft(
  bytes: Uint8Array,
  start: number,
  limit: number,
  place: StringPlace,
): Omit<ContentPlan, 'from'> {
  if (place.isKey) return nothingLeft;
  if (isToldByWords(place)) return { kept: nothing, ...standInAt(bytes, start, limit) };
  return { ...nothingLeft, kept: keptWords(bytes, start, limit, place.key) };
}

/** Kinds, ids, names of tools and models, times, places: whatever is no text. */
function isStructure(bytes: Uint8Array, start: number, limit: number, place: StringPlace): boolean {
  if (place.isKey) return isName(place);
  if (place.opaque) return isWordInOpaque(place.key) && isWordAt(bytes, start, limit, longestWord);
  if (isTitle(place)) return false;
  switch (structureOf(place.key)) {
    case 'text':
      return isShort(bytes, start, limit, longestStructure);
    case 'id':
    case 'word':
      return isWordAt(bytes, start, limit, longestWord);
    default:
      return isInstant(bytes, start, limit);
  }
}

/** A session's name is its title; a tool's stands in a record that said of what type it is. */
function isTitle({ key, isTyped, depth, parent }: StringPlace): boolean {
  return key === 'name' && !isTyped && (depth <= 1 || parent === 'value');
}

function isName({ key, parent }: StringPlace): boolean {
  if (modelNames.has(parent)) return true;
  let isKnown = names.get(key);
  if (isKnown === undefined) {
    isKnown = nameBytes.test(key);
    if (names.size < mostNames) names.set(key, isKnown);
  }
  return isKnown;
}

function isInstant(bytes: Uint8Array, start: number, limit: number): boolean {
  if (bytes[start + 4] !== 0x2d || bytes[start + 10] !== 0x54) return false;
  const text = shortString(bytes, start, limit, longestInstant);
  return text !== undefined && instant.test(text);
}
