import fc from 'fast-check';
import { ellipsis, wrap } from './wrap';

/** Every character is as wide as the next, but for the ideographs. */
const measure = (text: string) =>
  Array.from(text).reduce((sum, character) => sum + (character > '\u2fff' ? 2 : 1), 0);
const words = fc
  .array(fc.oneof(fc.stringMatching(/^[a-z]{1,12}$/), fc.constantFrom('中文字', '日本', '-')), {
    maxLength: 30,
  })
  .map((all) => all.join(' '));
const all = 1000;

it('loses nothing but blanks, and keeps within the width', () => {
  fc.assert(
    fc.property(words, fc.integer({ min: 2, max: 20 }), (text, width) => {
      const lines = wrap(text, width, all, measure);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      for (const line of lines) expect(measure(line)).toBeLessThanOrEqual(width);
    }),
  );
});

it('breaks a line only where the next piece would not have fitted', () => {
  expect(wrap('one two three', 7, all, measure)).toEqual(['one two', 'three']);
  expect(wrap('  one   two ', 20, all, measure)).toEqual(['one   two']);
  expect(wrap('abcdefghij k', 4, all, measure)).toEqual(['abcd', 'efgh', 'ij k']);
  expect(wrap('漢字の列', 4, all, measure)).toEqual(['漢字', 'の列']);
  expect(wrap(' ', 4, all, measure)).toEqual([]);
});

it('says by an ellipsis that there is more', () => {
  fc.assert(
    fc.property(
      words,
      fc.integer({ min: 3, max: 20 }),
      fc.integer({ min: 1, max: 4 }),
      (text, width, most) => {
        const lines = wrap(text, width, most, measure);
        const whole = wrap(text, width, all, measure);
        expect(lines.length).toBeLessThanOrEqual(most);
        if (whole.length <= most) expect(lines).toEqual(whole);
        else expect(lines.at(-1)).toMatch(/…$/);
        for (const line of lines) expect(measure(line)).toBeLessThanOrEqual(width);
      },
    ),
  );
  expect(ellipsis('abcdef', 4, measure)).toBe('abc…');
});
