import fc from 'fast-check';
import { GivingWay, patienceMs } from './giving-way';

describe('the turns of the search', () => {
  it('are at least a fifth of the time, and more the longer it is behind, up to all of it', () => {
    const worked = fc.double({ min: 0, max: 400, noNaN: true });
    const behind = fc.double({ min: 0, max: 200_000, noNaN: true });
    fc.assert(
      fc.property(worked, behind, behind, (workedMs, a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        const patience = (behindMs: number, isLiveBehind = false) =>
          patienceMs({ workedMs, behindMs, isLiveBehind });
        expect(patience(less)).toBeLessThanOrEqual(workedMs * 4);
        expect(patience(more)).toBeLessThanOrEqual(patience(less));
        // Where the live path is behind, however long that lasts, the search takes no more than its fifth.
        expect(patience(more, true)).toBe(workedMs * 4);
      }),
    );
    expect(patienceMs({ workedMs: 100, behindMs: 60_000, isLiveBehind: false })).toBe(0);
  });

  it('never wait long, whatever was done before', () => {
    expect(patienceMs({ workedMs: 3_600_000, behindMs: 0, isLiveBehind: true })).toBe(2_000);
  });

  it('come at once where the live path is idle, and where it comes to be', async () => {
    let asked = 0;
    let slept = 0;
    const sleep = () => {
      slept++;
      return Promise.resolve();
    };
    const { signal } = new AbortController();
    await new GivingWay({ isBusy: () => false, isBehind: () => false }, sleep).turn(0, signal);
    expect(slept).toBe(0);
    await new GivingWay({ isBusy: () => ++asked < 4, isBehind: () => false }, sleep).turn(0, signal);
    expect(slept).toBe(3);
  });
});
