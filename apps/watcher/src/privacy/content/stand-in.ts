import { hash } from 'node:crypto';
import { isNoJsonText } from '../structure/json-escapes';
import { jsonTextAt } from '../structure/json-text';
import type { StringPlace } from '../structure/json-walk';

/** Only so much of the words tells one objective from another. */
const wordsLength = 500;
const wordsBytes = 3000;
const longest = 16;
const form = /^~[0-9A-Za-z]{0,15}$/;
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Lists whose entries are told apart by their words: objectives, and what a test found. */
const lists = new Set(['todos', 'plan', 'issues']);
const texts = new Set(['content', 'step', 'subject', 'description']);

/** Whether a text is counted by its words: of those something is left that is the same for the same words. */
export function isToldByWords({ parent, key, isKey }: StringPlace): boolean {
  return !isKey && lists.has(parent) && (texts.has(key) || key === parent);
}

/** What stands for words that are told by: characters that say nothing of them but whether they are the same. */
export function standInOf(words: string): string {
  const told = words.trim();
  if (told === '' || form.test(told)) return told;
  const digest = hash('sha256', told.slice(0, wordsLength), 'buffer');
  const characters = [...digest.subarray(0, longest - 1)].map((byte) => alphabet[byte % alphabet.length]);
  return `~${characters.join('')}`;
}

export interface StandIn {
  readonly standIn: string;
  /** Where the words end that it stands for. */
  readonly wordsTo: number;
}

/**
 * For the JSON string that begins at `start`. None where a reader of JSON refuses it: what it is refused for stays when
 * it is blanked, and would be read as some of the words the next time.
 */
export function standInAt(bytes: Uint8Array, start: number, limit: number): StandIn {
  const { text, places } = jsonTextAt(bytes, start, Math.min(limit, start + wordsBytes));
  const wordsTo = places.at(-1) ?? start;
  return { standIn: isNoJsonText(bytes, start, wordsTo) ? '' : standInOf(text), wordsTo };
}
