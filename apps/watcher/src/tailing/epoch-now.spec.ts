import { epochNow } from './epoch-now';

/** Between two looks at the wall clock, which may lie as far apart as the machine lets them. */
function expectAtWallClock(): void {
  const before = Date.now();
  const now = epochNow();
  expect(now).toBeGreaterThan(before - 10);
  expect(now).toBeLessThan(Date.now() + 10);
}

test('stays at the wall clock, with fractions, and follows it when it jumps', () => {
  expectAtWallClock();
  expect(Array.from({ length: 100 }, epochNow).some((now) => now % 1 !== 0)).toBe(true);
  const hour = 3_600_000;
  const real = Date.now.bind(Date);
  const spy = jest.spyOn(Date, 'now').mockImplementation(() => real() + hour); // the laptop slept
  expectAtWallClock();
  spy.mockRestore();
  expectAtWallClock();
});
