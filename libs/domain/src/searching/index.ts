export { longestLexeme, wordsOf, type Word } from './words';
export { parseSearchQuery, type SearchQuery, type WantedPhrase, type WantedWord } from './search-query';
export { firstMatch, snippetAround, type Match } from './snippet';
