import fc from 'fast-check';
import { runsIn } from './runs';

const unspaced =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}ー';
const hasUnspaced = new RegExp(`[${unspaced}]`, 'u');
const pieces = new RegExp(`[${unspaced}]+|[^${unspaced}]+`, 'gu');

/** The same, said by patterns. */
function byPatterns(text: string) {
  return [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].flatMap((run) =>
    [...run[0].matchAll(pieces)].map((piece) => ({
      text: piece[0],
      start: run.index + piece.index,
      unspaced: hasUnspaced.test(piece[0]),
    })),
  );
}

describe('the runs of a text', () => {
  it('are what the patterns of letters, digits and marks find', () => {
    const unit = fc.oneof(
      fc.constantFrom(
        'a',
        'Z',
        '7',
        ' ',
        '_',
        'é',
        'e\u0301',
        '漢',
        'か',
        'ー',
        '가',
        'ก',
        '𝒳',
        '𠀀',
        '⺀',
        '😀',
        '\ud800',
        '\udc00',
        '→',
        '½',
      ),
      fc.string({ unit: 'binary', maxLength: 2 }),
    );
    fc.assert(
      fc.property(fc.array(unit), (units) => {
        const text = units.join('');
        expect([...runsIn(text)]).toEqual(byPatterns(text));
      }),
    );
  });

  it.each(['aB3', 'é', '𝒳', '漢'])('are found in a text of megabytes, of %s', (character) => {
    const text = `→${character.repeat(3_000_000)}`;
    expect([...runsIn(text)].map((run) => run.text.length)).toEqual([text.length - 1]);
  });
});
