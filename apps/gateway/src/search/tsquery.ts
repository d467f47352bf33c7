import type { SearchQuery, WantedPhrase, WantedWord } from '@telltale/domain';

/** A query as PostgreSQL reads a tsquery. Words hold letters, digits and marks only: nothing in them ends a quotation. */
export function tsqueryOf(query: SearchQuery): string {
  return query.map((phrases) => `(${phrases.map(phraseOf).join(' & ')})`).join(' | ');
}

function phraseOf({ words, negated }: WantedPhrase): string {
  return `${negated ? '!' : ''}(${words.map(wordOf).join(' <-> ')})`;
}

function wordOf({ lexeme, prefix }: WantedWord): string {
  return `'${lexeme}'${prefix ? ':*' : ''}`;
}
