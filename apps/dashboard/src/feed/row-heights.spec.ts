import fc from 'fast-check';
import { RowHeights } from './row-heights';

const keysOf = (count: number): string[] => Array.from({ length: count }, (_, i) => `k${i}`);

describe('RowHeights', () => {
  it('mixes measured heights with estimates', () => {
    const heights = new RowHeights(() => 50);
    heights.setKeys(keysOf(4));
    expect(heights.measure([['k1', 120]])).toBe(true);
    expect(heights.measure([['k1', 120]])).toBe(false);
    expect([heights.total, heights.topOf(2), heights.topOf(99)]).toEqual([270, 170, 270]);
    expect([0, 49, 50, 169, 170, 9999].map((offset) => heights.indexAt(offset))).toEqual([0, 0, 1, 1, 2, 3]);
  });

  it('finds the row at the top edge again after rows were added above it', () => {
    const heights = new RowHeights(() => 50);
    heights.setKeys(['c', 'd', 'e']);
    const anchor = heights.anchorAt(70)!;
    expect(anchor).toEqual({ key: 'd', within: 20 });
    heights.setKeys(['a', 'b', 'c', 'd', 'e']);
    expect(heights.offsetOf(anchor)).toBe(170);
    heights.setKeys(['a', 'b']);
    expect(heights.offsetOf(anchor)).toBeUndefined();
  });

  it('has no row where there is none', () => {
    const heights = new RowHeights(() => 50);
    expect([heights.total, heights.indexAt(10), heights.anchorAt(10)]).toEqual([0, 0, undefined]);
  });

  it('law: the row at an offset holds it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 60 }),
        fc.nat(),
        (sizes, seed) => {
          const heights = new RowHeights(() => 10);
          heights.setKeys(keysOf(sizes.length));
          heights.measure(sizes.map((size, i) => [`k${i}`, size] as const));
          expect(heights.total).toBe(sizes.reduce((sum, size) => sum + size, 0));
          const offset = seed % heights.total;
          const index = heights.indexAt(offset);
          expect(heights.topOf(index)).toBeLessThanOrEqual(offset);
          expect(heights.topOf(index + 1)).toBeGreaterThan(offset);
        },
      ),
    );
  });
});
