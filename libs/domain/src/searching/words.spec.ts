import fc from 'fast-check';
import { longestLexeme, wordsOf } from './words';

const lexemes = (text: string) => [...wordsOf(text)].map((word) => word.lexemes.join('|'));

describe('the words of a text', () => {
  it.each([
    ['The quick, brown fox.', ['the', 'quick', 'brown', 'fox']],
    ['const max_wal_size = src/main.ts:42;', ['const', 'max', 'wal', 'size', 'src', 'main', 'ts', '42']],
    ['requestTimeoutMs', ['requesttimeoutms|request|timeout|ms']],
    ['HTTPServer2 iPhone', ['httpserver2|http|server2', 'iphone|phone']],
    ['<b>bold</b> <script>', ['b', 'bold', 'b', 'script']],
    ['Café ÉCOLE Straße naïve', ['cafe', 'ecole', 'straße', 'naive']],
    ['Ｆｕｌｌ ½', ['full', '12']],
    ['йод и ёлка', ['иод', 'и', 'елка']],
    ['全文検索', ['全文', '文検', '検索', '索']],
    ['検索abc', ['検索', '索', 'abc']],
    ['서버를 다시', ['서버', '버를', '를', '다시', '시']],
    ['\u0000\u001b[31mred\u001b[0m \u009b1mbold\u001b(B', ['red', 'bold']],
    ['\u001b]8;;http://a.test\u0007link\u001b]8;;\u0007', ['8', 'http', 'a', 'test', 'link', '8']],
    ['\u001b[', []],
    ['!!! --- ???', []],
  ])('%j', (text, expected) => expect(lexemes(text)).toEqual(expected));

  it('are known by their beginning where they are very long, and no blob costs more than its words', () => {
    const blob = 'aB3'.repeat(100_000);
    expect(lexemes(blob)).toEqual(['ab3'.repeat(100).slice(0, longestLexeme)]);
    expect(lexemes('𝒳'.repeat(500)).join('')).toMatch(/^x+$/);
  });

  it('stand where they say, and hold nothing that would have to be quoted', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), (text) => {
        let last = 0;
        for (const { lexemes: all, start, end } of wordsOf(text)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          last = start;
          for (const lexeme of all) {
            expect(lexeme).toMatch(/^[\p{L}\p{N}\p{M}]+$/u);
            expect(lexeme.isWellFormed()).toBe(true);
            expect(lexeme.length).toBeLessThanOrEqual(2 * longestLexeme);
          }
        }
      }),
    );
  });
});
