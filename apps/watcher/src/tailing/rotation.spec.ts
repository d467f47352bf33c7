import fc from 'fast-check';
import { Rotation } from './rotation';

test("everybody's turn comes within a round, and nobody's twice in one share", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 60 }), (size, share) => {
      const rotation = new Rotation(new Map(Array.from({ length: size }, (_, i) => [i, i])));
      const seen = new Set<number>();
      for (let i = 0; i < Math.ceil(size / share) + 1; i++) {
        const taken = rotation.next(share);
        expect(new Set(taken).size).toBe(Math.min(share, size));
        taken.forEach((value) => seen.add(value));
      }
      expect(seen.size).toBe(size);
    }),
  );
});

test('values may come and go meanwhile', () => {
  const values = new Map([
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ]);
  const rotation = new Rotation(values);
  expect(rotation.next(1)).toEqual([1]);
  values.delete('b');
  values.set('d', 4);
  expect(rotation.next(2)).toEqual([3, 4]);
  values.clear();
  expect(rotation.next(2)).toEqual([]);
});
