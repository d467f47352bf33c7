import { epochNow } from './epoch-now';

test('stays at the wall clock, with fractions, and follows it when it jumps', () => {
  expect(Math.abs(epochNow() - Date.now())).toBeLessThan(10);
  expect(Array.from({ length: 100 }, epochNow).some((now) => now % 1 !== 0)).toBe(true);
  const hour = 3_600_000;
  const real = Date.now.bind(Date);
  const spy = jest.spyOn(Date, 'now').mockImplementation(() => real() + hour); // the laptop slept
  expect(Math.abs(epochNow() - (real() + hour))).toBeLessThan(10);
  spy.mockRestore();
  expect(Math.abs(epochNow() - Date.now())).toBeLessThan(10);
});
