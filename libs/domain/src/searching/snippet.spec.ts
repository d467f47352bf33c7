import fc from 'fast-check';
import { parseSearchQuery, type SearchQuery } from './search-query';
import { firstMatch, snippetAround } from './snippet';
import { wordsOf } from './words';

const query = (text: string): SearchQuery => parseSearchQuery(text) ?? [];
const matched = (text: string, q: string) => {
  const match = firstMatch(text, query(q));
  return match && text.slice(match.start, match.end);
};

describe('the first match', () => {
  it.each([
    ['A quick brown Fox.', 'fox', 'Fox'],
    ['brown dog, brown fox', '"brown fox"', 'brown fox'],
    ['const requestTimeoutMs = 5', 'timeout', 'requestTimeoutMs'],
    ['see src/Main.ts', 'main.ts', 'Main.ts'],
    ['il est au café', 'CAFE', 'café'],
    ['これは全文検索です', '検索', '検索'],
    ['これは全文検索です', '検', '検索'],
    ['fox without the other', 'fox -dog', 'fox'],
    ['the dog came first, then the fox', 'fox or dog', 'dog'],
  ])('%j, %j', (text, q, expected) => expect(matched(text, q)).toBe(expected));

  it('is none where only words near it stand', () => {
    expect(matched('brown dog, fox', '"brown fox"')).toBeUndefined();
    expect(matched('foxes', 'fox')).toBeUndefined();
    expect(matched('', 'fox')).toBeUndefined();
  });

  it('is there for every word and every neighbours of a text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
        fc.nat(),
        fc.nat(4),
        (text, at, more) => {
          const plain = text.replaceAll('"', ' ');
          const words = [...wordsOf(plain)];
          fc.pre(words.length > 0);
          const first = words[at % words.length]!;
          const last = words[Math.min(words.length - 1, (at % words.length) + more)]!;
          const wanted = query(`"${plain.slice(first.start, last.end)}"`);
          expect(firstMatch(plain, wanted)).toBeDefined();
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('a snippet', () => {
  const around = (text: string, q: string) => snippetAround(text, firstMatch(text, query(q)));

  it('is the text itself where it is short', () => {
    expect(around('A quick brown fox.', 'fox')).toBe('A quick brown fox.');
  });

  it('is what stands around the match, cut at a blank', () => {
    const text = `${'before '.repeat(50)}NEEDLE ${'after '.repeat(80)}`;
    const snippet = around(text, 'needle');
    expect(snippet).toMatch(/^…before (before )*NEEDLE after .*…$/);
    expect(snippet.length).toBeLessThan(260);
  });

  it('is the beginning where nothing matches', () => {
    expect(snippetAround(`start ${'x '.repeat(500)}`, undefined)).toMatch(/^start x .*…$/);
  });

  it('keeps markup as the text it is, and no control characters', () => {
    expect(around('<img src=x onerror="alert(1)">\u001b[31m\n\n\tneedle\u0000', 'needle')).toBe(
      '<img src=x onerror="alert(1)"> needle',
    );
    expect(around('\u202eneedle\u202c \u001b[1mred\u001b[0m', 'red')).toBe('needle red');
  });

  it('cuts no terminal sequence in two', () => {
    const dotted = '.'.repeat(66);
    for (let shift = 0; shift < 12; shift++) {
      const text = `${'-'.repeat(90)}\u001b[31m${dotted}${'.'.repeat(shift)}needle${'.'.repeat(150)}${dotted}\u001b[31m`;
      expect(around(text.padEnd(600, 'x'), 'needle')).not.toMatch(/\[|31m?/);
    }
    for (let shift = 0; shift < 12; shift++)
      expect(around(`needle${'.'.repeat(226 + shift)}\u001b[31mred`, 'needle')).not.toMatch(/\[|31m?/);
  });

  it('shows a long phrase whole, a text without blanks in part, and no half characters', () => {
    const words = Array.from({ length: 60 }, (_, n) => `word${n}`).join(' ');
    expect(around(`${'lead '.repeat(30)}${words} tail`, `"${words}"`)).toContain('word59');
    expect(around(`${'😀'.repeat(300)}needle`, 'needle').isWellFormed()).toBe(true);
    expect(around('x'.repeat(10_000), 'x'.repeat(10_000)).length).toBeLessThan(600);
  });
});
