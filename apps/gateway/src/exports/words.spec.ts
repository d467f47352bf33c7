import { durationWords, moneyWords, timeWords } from './words';

it.each([
  [null, '–'],
  [0, '$0.00'],
  [4.1234, '$4.12'],
  [1234.5, '$1,234.50'],
  [0.01, '$0.01'],
  [0.00123, '$0.0012'],
  [1e-12, '$0.00000000'],
])('%j dollars: %s', (usd, words) => {
  expect(moneyWords(usd)).toBe(words);
});

it.each([
  [null, '–'],
  [0, '0 ms'],
  [999, '999 ms'],
  [1500, '1.5 s'],
  [59_999, '60 s'],
  [60_000, '1 min 0 s'],
  [4_320_000, '1 h 12 min'],
  [200_000_000, '2 d 7 h'],
])('%j ms: %s', (ms, words) => {
  expect(durationWords(ms)).toBe(words);
});

it('writes times in UTC', () => {
  expect(timeWords('2026-03-01T10:31:40.123Z')).toBe('2026-03-01 10:31:40');
});
