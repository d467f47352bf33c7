import type { Timeline } from '@telltale/contracts';

/** What was used in one stretch of time. */
export interface TimeColumn {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly output: number;
  readonly input: number;
  readonly cacheWrite: number;
  readonly cacheRead: number;
}

export interface TimeColumns {
  readonly columns: readonly TimeColumn[];
  readonly from: number;
  readonly to: number;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** Stretches that people count in. */
const steps = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14, 28, 91, 365].map((n) => n * day),
];
const bucketMs = { minute, hour, day } as const;

/**
 * A timeline in at most so many columns of equal time, those in which nothing happened among them: a sum for each, so
 * that the columns add up to the timeline. Points without a time stand at the epoch and are left out.
 */
export function columnsOfTime({ bucket, points }: Timeline, most: number): TimeColumns {
  const timed = points.filter(({ at }) => Date.parse(at) > 0);
  const times = timed.map(({ at }) => Date.parse(at));
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return { columns: [], from: 0, to: 0 };
  const step =
    steps.find((each) => each >= bucketMs[bucket] && (last - first) / each + 2 <= most) ??
    Math.ceil((last - first + day) / (most - 1));
  const from = Math.floor(first / step) * step;
  const sums = Array.from({ length: Math.floor((last - from) / step) + 1 }, (_, index) => ({
    from: from + index * step,
    output: 0,
    input: 0,
    cacheWrite: 0,
    cacheRead: 0,
  }));
  for (const { at, tokens } of timed) {
    const sum = sums[Math.floor((Date.parse(at) - from) / step)];
    if (sum === undefined) continue;
    sum.output += tokens.output;
    sum.input += tokens.input;
    sum.cacheWrite += tokens.cacheWrite5m + tokens.cacheWrite1h;
    sum.cacheRead += tokens.cacheRead;
  }
  return { columns: sums, from, to: from + sums.length * step };
}

/** The next of 1, 2 or 5 times a power of ten: where an axis may end. */
export function niceMaximum(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 5, 10].find((each) => each * power >= value) ?? 10) * power;
}
