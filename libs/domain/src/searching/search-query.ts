import { charactersOf, lexemeOf, runsOf, type Run } from './words';

/** One word that is looked for; as the beginning of a word where it is a single character of an unspaced script. */
export interface WantedWord {
  readonly lexeme: string;
  readonly prefix: boolean;
}

/** Words that must stand next to each other in this order; or must not. */
export interface WantedPhrase {
  readonly words: readonly WantedWord[];
  readonly negated: boolean;
}

/** Any of these, each of them all of its phrases. */
export type SearchQuery = readonly (readonly WantedPhrase[])[];

const operand = /(-?)"([^"]*)"?|(\S+)/g;

/**
 * What people type into a search box: words that must all be there, `"a phrase"`, `-without`, `or`. A name of several
 * words (`src/main.ts`, `--dry-run`) is a phrase. Nothing is a syntax error. Undefined where there is nothing to look
 * for: an alternative needs a word that must be there.
 */
export function parseSearchQuery(text: string): SearchQuery | undefined {
  const alternatives: WantedPhrase[][] = [[]];
  for (const match of text.matchAll(operand)) {
    const phrase = phraseOf(match);
    if (phrase === 'or') alternatives.push([]);
    else if (phrase.words.length > 0) alternatives.at(-1)?.push(phrase);
  }
  // An `or` at an end, or two in a row, join nothing.
  const said = alternatives.filter((phrases) => phrases.length > 0);
  return said.length > 0 && said.every(isSearchable) ? said : undefined;
}

function phraseOf([whole, minus, quoted, bare = '']: RegExpMatchArray): WantedPhrase | 'or' {
  if (/^or$/i.test(bare)) return 'or';
  return { words: wantedWords(quoted ?? whole), negated: minus === '-' || /^-[^-]/.test(bare) };
}

function isSearchable(phrases: readonly WantedPhrase[]): boolean {
  return phrases.some(({ negated }) => !negated);
}

function wantedWords(text: string): WantedWord[] {
  const runs = [...runsOf(text)];
  return runs.flatMap((run, index) =>
    run.unspaced ? unspacedWords(run, index === runs.length - 1) : spacedWord(run),
  );
}

function spacedWord({ text }: Run): WantedWord[] {
  const lexeme = lexemeOf(text);
  return lexeme === '' ? [] : [{ lexeme, prefix: false }];
}

/** As `wordsOf` reads such a run, but for a last character at the end: the text that is searched may go on there. */
function unspacedWords(run: Run, isLast: boolean): WantedWord[] {
  const characters = charactersOf(run);
  return characters.flatMap(({ lexeme }, index): WantedWord[] => {
    const next = characters[index + 1];
    if (next !== undefined) return [{ lexeme: lexeme + next.lexeme, prefix: false }];
    return isLast && characters.length > 1 ? [] : [{ lexeme, prefix: true }];
  });
}
