import { blankedSequences } from '../exporting/visible-text';
import { runsIn, type Run } from './runs';

export type { Run };

/**
 * A word of a text as it is searched for. The whole word comes first; behind it the parts of a camelCase name, so that
 * `requestTimeout` is found by `timeout` too. Words that follow each other in the text have places that follow each
 * other, which is what a phrase is.
 */
export interface Word {
  readonly lexemes: readonly string[];
  /** UTF-16 offsets in the text. */
  readonly start: number;
  readonly end: number;
}

/** Longer words are known by their beginning: what is that long is an encoded blob, not a word. */
export const longestLexeme = 64;
/** Parts of longer names are not worth their place: most are encoded blobs. */
const longestName = 48;

const beyondAscii = /[\u0080-\uffff]/;
/** The runs of a text in their order. A terminal's colours only separate, too. */
export function runsOf(text: string): Generator<Run> {
  return runsIn(blankedSequences(text));
}

/** The words of a text, for its index. */
export function* wordsOf(text: string): Generator<Word> {
  for (const run of runsOf(text)) {
    if (run.unspaced) yield* pairsOf(run);
    else yield* wordOf(run);
  }
}

function* wordOf({ text, start }: Run): Generator<Word> {
  const whole = lexemeOf(text);
  if (whole === '') return;
  yield { lexemes: [whole, ...partsOf(text)], start, end: start + text.length };
}

/** Each two neighbours of an unspaced run are a word, and its last character is one: all of them are found by its beginnings. */
function* pairsOf(run: Run): Generator<Word> {
  const characters = charactersOf(run);
  for (const [index, { lexeme, start, end }] of characters.entries()) {
    const next = characters[index + 1];
    yield next === undefined
      ? { lexemes: [lexeme], start, end }
      : { lexemes: [lexeme + next.lexeme], start, end: next.end };
  }
}

/** Most characters of unspaced scripts are as they are compared. */
const isFolded = /^[\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff\uac00-\ud7a3]$/;

interface Character {
  readonly lexeme: string;
  readonly start: number;
  readonly end: number;
}

/** The characters of an unspaced run, each as it stands in lexemes. */
export function charactersOf({ text, start }: Run): Character[] {
  const characters: Character[] = [];
  let at = start;
  for (const character of text) {
    const lexeme = isFolded.test(character) ? character : lexemeOf(character);
    if (lexeme !== '') characters.push({ lexeme, start: at, end: at + character.length });
    at += character.length;
  }
  return characters;
}

/**
 * A run as it is compared: lower case, without accents, compatible forms as one. Only letters, digits and marks, at
 * most {@link longestLexeme} UTF-16 units; may be empty.
 */
export function lexemeOf(run: string): string {
  const head = run.length > 2 * longestLexeme ? run.slice(0, 2 * longestLexeme) : run;
  if (!beyondAscii.test(head)) return head.slice(0, longestLexeme).toLowerCase();
  const folded = head
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]/gu, '');
  return withoutHalf(folded.slice(0, longestLexeme));
}

/** A cut may have left half of a pair at the end. */
function withoutHalf(text: string): string {
  return text.isWellFormed() ? text : text.replace(/[\ud800-\udfff]/gu, '');
}

const isCamelCase = /[a-z0-9][A-Z]|[A-Z]{2}[a-z]/;
const camelPart = /[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+/g;

function partsOf(name: string): string[] {
  if (name.length > longestName || !isCamelCase.test(name)) return [];
  const parts = name.match(camelPart) ?? [];
  return parts.filter((part) => part.length > 1).map((part) => part.toLowerCase());
}
