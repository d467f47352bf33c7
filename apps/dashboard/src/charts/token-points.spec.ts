import type { Timeline } from '@telltale/contracts';
import fc from 'fast-check';
import { sampleTokens } from '../testing/samples';
import { tokenPoints } from './token-points';

const start = Date.UTC(2026, 2, 1, 10);
const timelineOf = (minutes: readonly number[]): Timeline => ({
  bucket: 'minute',
  points: minutes.map((minute) => ({
    at: new Date(start + minute * 60_000).toISOString(),
    tokens: sampleTokens(100),
    costUsd: 0,
    messages: 1,
    toolCalls: 0,
  })),
});

describe('tokenPoints', () => {
  it('has zeros in the gaps and around a lone bucket', () => {
    expect(tokenPoints(timelineOf([0, 3])).map((point) => point.values.output)).toEqual([0, 10, 0, 0, 10]);
    expect(tokenPoints(timelineOf([5])).map((point) => point.values.output)).toEqual([0, 10, 0]);
    expect(tokenPoints({ bucket: 'day', points: [] })).toEqual([]);
  });

  it('law: no token is lost, and there are never more than some 400 points', () => {
    const minutes = fc
      .uniqueArray(fc.nat(20_000), { minLength: 1, maxLength: 60 })
      .map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(minutes, (all) => {
        const points = tokenPoints(timelineOf(all));
        const sum = points.reduce(
          (total, point) => total + point.values.output + point.values['cache-read'],
          0,
        );
        expect(sum).toBe(100 * all.length);
        expect(points.length).toBeLessThanOrEqual(402);
      }),
    );
  });
});
