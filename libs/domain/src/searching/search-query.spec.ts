import fc from 'fast-check';
import { parseSearchQuery, type WantedPhrase } from './search-query';

const shown = ({ words, negated }: WantedPhrase) =>
  `${negated ? '-' : ''}${words.map(({ lexeme, prefix }) => lexeme + (prefix ? '*' : '')).join('+')}`;
const read = (text: string) => parseSearchQuery(text)?.map((phrases) => phrases.map(shown).join(' '));

describe('what is typed into the search box', () => {
  it.each([
    ['fox jumps', ['fox jumps']],
    ['"brown fox" jumps', ['brown+fox jumps']],
    ['fox -dog', ['fox -dog']],
    ['fox -"lazy dog"', ['fox -lazy+dog']],
    ['fox or dog', ['fox', 'dog']],
    ['a b OR c -d', ['a b', 'c -d']],
    ['src/main.ts max_wal_size', ['src+main+ts max+wal+size']],
    ['well-known --dry-run', ['well+known dry+run']],
    ['"never closed', ['never+closed']],
    ['or fox or or dog or', ['fox', 'dog']],
    ['"or" fox', ['or fox']],
    ["'; drop table item; -- &|!():*", ['drop table item']],
    ['字', ['字*']],
    ['検索', ['検索']],
    ['検索 "索abc"', ['検索 索*+abc']],
  ])('%j', (text, expected) => expect(read(text)).toEqual(expected));

  it.each(['', '   ', '-', '"', '""', '-fox', '-"lazy dog"', 'fox or -dog', '... !!!', 'or'])(
    '%j looks for nothing',
    (text) => expect(read(text)).toBeUndefined(),
  );

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const query = parseSearchQuery(text);
        expect(query === undefined || query.flat().length > 0).toBe(true);
      }),
    );
  });
});
