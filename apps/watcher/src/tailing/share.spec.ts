import fc from 'fast-check';
import { Share, type Warmth } from './share';

const mapOf = (size: number) => new Map(Array.from({ length: size }, (_, n) => [n, n]));
const rounds = (share: Share<number>, count: number, portion: { warm: number; cold: number }) =>
  Array.from({ length: count }, () => share.next(portion));

test('everybody’s turn comes, the warm more often, in rounds of a bounded size', () => {
  const sizes = { size: fc.integer({ min: 1, max: 80 }), lately: fc.integer({ min: 1, max: 80 }) };
  const portions = { warm: fc.integer({ min: 1, max: 20 }), cold: fc.integer({ min: 1, max: 20 }) };
  fc.assert(
    fc.property(fc.record({ ...sizes, ...portions }), ({ size, lately, warm, cold }) => {
      const isWarm = (value: number) => value % lately === 0;
      const warmOnes = [...mapOf(size).values()].filter(isWarm);
      const share = new Share<number>(mapOf(size), (value) => (isWarm(value) ? 'warm' : 'cold'));
      for (const picked of rounds(share, 3, { warm, cold }))
        expect(picked.size).toBeLessThanOrEqual(warm + cold);
      const seen = rounds(share, Math.ceil(size / cold), { warm, cold });
      expect(new Set(seen.flatMap((picked) => [...picked])).size).toBe(size);
      const some = rounds(share, Math.ceil(warmOnes.length / warm), { warm, cold: 0 });
      expect(new Set(some.flatMap((picked) => [...picked]))).toEqual(new Set(warmOnes));
    }),
  );
});

test('some are looked at in every round, and nobody else where nothing is asked for', () => {
  const warmth: Warmth[] = ['cold', 'always', 'warm', 'always'];
  const share = new Share<number>(mapOf(4), (value) => warmth[value] ?? 'cold');
  for (const picked of rounds(share, 3, { warm: 0, cold: 0 })) expect(picked).toEqual(new Set([1, 3]));
});

test('an endless portion is everybody', () => {
  const share = new Share<number>(mapOf(9), () => 'warm');
  for (const portion of [
    { warm: Infinity, cold: 0 },
    { warm: 0, cold: Infinity },
  ])
    expect(share.next(portion).size).toBe(9);
});
