import type { Timeline } from '@telltale/contracts';
import fc from 'fast-check';
import { columnsOfTime, niceMaximum } from './columns-of-time';

const start = Date.parse('2026-03-01T00:00:00Z');
const sizes = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const timeline: fc.Arbitrary<Timeline> = fc
  .tuple(
    fc.constantFrom('minute' as const, 'hour' as const, 'day' as const),
    fc.uniqueArray(fc.nat(5000), { maxLength: 60 }),
  )
  .map(([bucket, places]) => ({
    bucket,
    points: places
      .toSorted((a, b) => a - b)
      .map((place, n) => ({
        at: new Date(start + place * sizes[bucket]).toISOString(),
        tokens: {
          input: n,
          output: 2 * n,
          cacheWrite5m: 3,
          cacheWrite1h: 4,
          cacheRead: 5 * n,
          reasoning: 1,
          total: 8 * n + 7,
        },
        costUsd: 0,
        messages: 1,
        toolCalls: 0,
      })),
  }));

it('adds up to the timeline, in few columns of equal time', () => {
  fc.assert(
    fc.property(timeline, fc.integer({ min: 10, max: 120 }), (given, most) => {
      const { columns, from, to } = columnsOfTime(given, most);
      expect(columns.length).toBeLessThanOrEqual(most);
      const sum = (key: 'input' | 'output' | 'cacheWrite' | 'cacheRead') =>
        columns.reduce((all, column) => all + column[key], 0);
      const total = given.points.reduce((all, { tokens }) => all + tokens.total, 0);
      expect(sum('input') + sum('output') + sum('cacheWrite') + sum('cacheRead')).toBe(total);
      const steps = new Set(columns.slice(1).map((column, index) => column.from - columns[index]!.from));
      expect(steps.size).toBeLessThanOrEqual(1);
      for (const { at } of given.points) {
        expect(Date.parse(at)).toBeGreaterThanOrEqual(from);
        expect(Date.parse(at)).toBeLessThan(to);
      }
    }),
  );
});

it('leaves out what has no time', () => {
  const [point] = fc.sample(timeline, { numRuns: 20, seed: 1 }).flatMap(({ points }) => points);
  const given: Timeline = { bucket: 'day', points: [{ ...point!, at: '1970-01-01T00:00:00.000Z' }] };
  expect(columnsOfTime(given, 50).columns).toEqual([]);
});

it('ends an axis at a round number that is not below', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e15, noNaN: true }), (value) => {
      const maximum = niceMaximum(value);
      expect(maximum).toBeGreaterThanOrEqual(value * (1 - 1e-9));
      expect(maximum).toBeLessThanOrEqual(value * 2.51);
    }),
  );
  expect([0, 3, 17, 21_000].map(niceMaximum)).toEqual([1, 5, 20, 25_000]);
});
