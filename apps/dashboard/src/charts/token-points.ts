import type { Timeline } from '@telltale/contracts';
import { tokensOf, type TokenSeries } from '../figures/token-split';

const bucketMs: Record<Timeline['bucket'], number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
/** More points than pixels say nothing more. */
const maxPoints = 400;

export interface TokenPoint {
  readonly at: Date;
  readonly values: Readonly<Record<TokenSeries, number>>;
}

/**
 * A timeline's buckets made ready to be drawn: gaps are zero, not a line across them; one bucket alone gets
 * empty ones around it; more than 400 are summed up.
 */
export function tokenPoints(timeline: Timeline): TokenPoint[] {
  const first = timeline.points[0];
  const last = timeline.points.at(-1);
  if (!first || !last) return [];
  const bucket = bucketMs[timeline.bucket];
  const start = Date.parse(first.at) - bucket;
  const end = Date.parse(last.at) + (timeline.points.length === 1 ? bucket : 0);
  const width = bucket * Math.max(1, Math.ceil((end - start) / bucket / maxPoints));
  const points = Array.from({ length: Math.floor((end - start) / width) + 1 }, (_, i) =>
    emptyPoint(start + i * width),
  );
  for (const { at, tokens } of timeline.points) {
    const point = points[Math.floor((Date.parse(at) - start) / width)];
    if (!point) continue;
    for (const series of Object.keys(point.values) as TokenSeries[])
      point.values[series] += tokensOf(tokens, series);
  }
  return points;
}

function emptyPoint(at: number): { at: Date; values: Record<TokenSeries, number> } {
  return { at: new Date(at), values: { input: 0, output: 0, 'cache-write': 0, 'cache-read': 0 } };
}
