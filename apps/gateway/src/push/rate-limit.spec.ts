import * as fc from 'fast-check';
import { RateLimit } from './rate-limit';

it('gives ten seconds’ worth at once, and then so many a second, to each key its own', () => {
  const limit = new RateLimit(2);
  const taken = (key: string, now: number) => {
    let count = 0;
    while (limit.take(key, now) === 0) count++;
    return count;
  };
  expect([taken('a', 0), taken('a', 0), taken('b', 0)]).toEqual([20, 0, 20]);
  expect(limit.take('a', 0)).toBe(500);
  expect([taken('a', 499), taken('a', 500), taken('a', 3000)]).toEqual([0, 1, 5]);
  expect(taken('a', 60_000_000)).toBe(20);
});

it('never gives more than the burst and the rate, however requests come', () => {
  const pauses = fc.array(fc.nat(2000), { maxLength: 200 });
  fc.assert(
    fc.property(pauses, fc.integer({ min: 1, max: 20 }), (waits, rate) => {
      const limit = new RateLimit(rate);
      let now = 0;
      let given = 0;
      for (const wait of waits) {
        now += wait;
        const missing = limit.take('a', now);
        if (missing === 0) given++;
        else expect(limit.take('a', now + missing - 1)).toBeGreaterThan(0);
        expect(given).toBeLessThanOrEqual(rate * 10 + (now / 1000) * rate + 1e-6);
      }
    }),
  );
});

it('takes again once the time it told has passed', () => {
  const limit = new RateLimit(3);
  while (limit.take('a', 0) === 0);
  expect(limit.take('a', limit.take('a', 0))).toBe(0);
});

it('goes on at its rate when the clock was put back', () => {
  const limit = new RateLimit(2);
  while (limit.take('a', 3_600_000) === 0);
  expect(limit.take('a', 0)).toBe(500);
  expect(limit.take('a', 490)).toBeLessThan(20);
  expect([limit.take('a', 500), limit.take('a', 500)]).toEqual([0, 500]);
});
