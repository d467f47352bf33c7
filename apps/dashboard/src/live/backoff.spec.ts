import { attemptTimeoutMs, backoffMs } from './backoff';

describe('backoffMs', () => {
  it('doubles up to 30 s', () => {
    expect([1, 2, 3, 4, 5, 7, 8, 100].map((failed) => backoffMs(failed, 0))).toEqual([
      250, 500, 1000, 2000, 4000, 16_000, 30_000, 30_000,
    ]);
  });

  it('spreads by a fifth, never longer', () => {
    expect(backoffMs(3, 0.5)).toBe(900);
    expect(backoffMs(50, 0.999)).toBeGreaterThan(24_000);
  });

  it('reaches polling within 20 s even where attempts hang', () => {
    const waits = [1, 2, 3, 4].reduce(
      (sum, failed) => sum + backoffMs(failed, 0) + attemptTimeoutMs(failed),
      0,
    );
    expect(waits + attemptTimeoutMs(0)).toBeLessThan(20_000);
  });
});
