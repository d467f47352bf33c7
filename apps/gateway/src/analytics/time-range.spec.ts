import fc from 'fast-check';
import { rollupBucketMs, splitRange, type TimeRange } from './time-range';

const instant = fc.integer({ min: 0, max: 40 * rollupBucketMs });
const end = fc.option(
  fc.oneof(
    instant,
    fc.nat(40).map((n) => n * rollupBucketMs),
  ),
  { nil: undefined },
);
const holds = ({ from, to }: TimeRange, at: number) => (from ?? -Infinity) <= at && at < (to ?? Infinity);

it('splits a range into whole buckets and edges that hold each instant of it once', () => {
  fc.assert(
    fc.property(end, end, instant, (from, to, at) => {
      const { buckets, edges } = splitRange({ from, to });
      const parts = [...(buckets ? [buckets] : []), ...edges].filter((part) => holds(part, at));
      expect(parts).toHaveLength(holds({ from, to }, at) ? 1 : 0);
      expect((buckets?.from ?? 0) % rollupBucketMs).toBe(0);
      expect((buckets?.to ?? 0) % rollupBucketMs).toBe(0);
    }),
    { numRuns: 1000 },
  );
});

it('reads no row where the ends are full quarters of an hour', () => {
  const day = Date.parse('2026-03-01T00:00:00+05:45');
  expect(splitRange({ from: day, to: undefined }).edges).toEqual([]);
});
