import { blankedSequences, visibleLine } from '../exporting/visible-text';
import type { SearchQuery, WantedPhrase, WantedWord } from './search-query';
import { wordsOf, type Word } from './words';

/** UTF-16 offsets in a text. */
export interface Match {
  readonly start: number;
  readonly end: number;
}

/** Where the first of the wanted phrases stands in the text; undefined where none does. */
export function firstMatch(text: string, query: SearchQuery): Match | undefined {
  const wanted = query.flat().filter(({ negated }) => !negated);
  const longest = Math.max(...wanted.map(({ words }) => words.length));
  const recent: Word[] = [];
  for (const word of wordsOf(text)) {
    recent.push(word);
    if (recent.length > longest) recent.shift();
    const found = wanted.find((phrase) => endsHere(recent, phrase));
    if (found !== undefined)
      return { start: recent.at(-found.words.length)?.start ?? word.start, end: word.end };
  }
  return undefined;
}

function endsHere(recent: readonly Word[], { words }: WantedPhrase): boolean {
  if (recent.length < words.length) return false;
  const behind = recent.length - words.length;
  return words.every((wanted, index) => isWord(recent[behind + index], wanted));
}

function isWord(word: Word | undefined, { lexeme, prefix }: WantedWord): boolean {
  if (word === undefined) return false;
  return word.lexemes.some((each) => (prefix ? each.startsWith(lexeme) : each === lexeme));
}

const before = 70;
const length = 240;
/** Terminal sequences of text are shorter. */
const longestSequence = 32;

/**
 * What stands around a match, as one line of plain text of about 240 characters: blanks, control characters and terminal
 * sequences as one blank, nothing unseen, an ellipsis where something was left out. Without a match: the beginning.
 */
export function snippetAround(text: string, match: Match | undefined): string {
  const from = match === undefined ? 0 : startOf(text, match.start);
  const to = Math.min(text.length, Math.max(from + length, Math.min(match?.end ?? 0, from + 2 * length)));
  const line = visibleLine(
    blankedPart(text, from, to)
      .toWellFormed()
      .replace(/[\p{Cc}\ufffd]+/gu, ' '),
  );
  return `${from > 0 ? '…' : ''}${line}${to < text.length ? '…' : ''}`;
}

/** This part of the text, with blanks for terminal sequences: also for those that reach into it, or out of it. */
function blankedPart(text: string, from: number, to: number): string {
  const lead = Math.min(from, longestSequence);
  return blankedSequences(text.slice(from - lead, to + longestSequence)).slice(lead, lead + to - from);
}

/** A little before the match, behind a blank where there is one near. */
function startOf(text: string, start: number): number {
  const from = start - before;
  if (from <= 0) return 0;
  const blank = text.slice(from, start).search(/\s/);
  return blank === -1 ? from : from + blank + 1;
}
