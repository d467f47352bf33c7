import fc from 'fast-check';
import { ByteCache } from './byte-cache';

const value = (byteLength: number) => ({ byteLength });

it('forgets what was not used for longest, by bytes', () => {
  const cache = new ByteCache<string, { byteLength: number }>(10);
  cache.set('a', value(4));
  cache.set('b', value(4));
  cache.get('a');
  cache.set('c', value(4));
  expect(['a', 'b', 'c'].map((key) => cache.get(key) !== undefined)).toEqual([true, false, true]);
  cache.set('huge', value(11));
  expect(cache.get('huge')).toBeUndefined();
  expect(cache.get('a')).toBeDefined();
});

it('never holds more than its limit', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(15))), (entries) => {
      const cache = new ByteCache<number, { byteLength: number }>(30);
      for (const [key, bytes] of entries) cache.set(key, value(bytes));
      const held = Array.from({ length: 21 }, (_, key) => cache.get(key)?.byteLength ?? 0);
      expect(held.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(30);
    }),
  );
});
