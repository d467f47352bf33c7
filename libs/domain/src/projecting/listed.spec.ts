import fc from 'fast-check';
import { listedModels, listedName, listedPath, listedText } from './listed';

const bytes = (text: string) => Buffer.byteLength(text);
const long = fc.string({ unit: 'grapheme', maxLength: 3_000 });

describe('what lists filter by', () => {
  it('is what was said, where that is not absurdly long', () => {
    expect(listedName('atlas.local')).toBe('atlas.local');
    expect(listedName(null)).toBeNull();
    expect(listedPath('/home/kim/shop')).toBe('/home/kim/shop');
    expect(listedModels(['gpt-5', 'claude-opus-4-6'])).toEqual(['gpt-5', 'claude-opus-4-6']);
    expect(listedText(['Fix THE Ünicode', null, 'id-1'])).toBe('fix the ünicode\n\nid-1');
  });

  it('tells long names apart, and is found again by what it was made to', () => {
    const name = 'x'.repeat(500);
    expect(listedName(name)).not.toBe(listedName(`${name}y`));
    expect(listedName(listedName(name))).toBe(listedName(name));
    expect(listedPath(listedPath(name))).toBe(listedPath(name));
  });

  it('fits into an entry of an index together, with an id as long as ids get', () => {
    fc.assert(
      fc.property(long, long, long, fc.array(long), (a, b, c, models) => {
        const parts = [listedName(a), listedName(b), listedName(c), listedPath(a), listedText([a, b, c])];
        const listed = listedModels(models);
        const all = [...parts, ...listed].reduce((sum, text) => sum + bytes(text) + 8, 0);
        expect(all + 650 + 100).toBeLessThan(2_704);
      }),
    );
  });
});
