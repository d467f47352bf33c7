/** Rollups count by quarters of an hour in UTC. Every time zone in use is offset by a multiple of it. */
export const rollupBucketMs = 15 * 60_000;

/** `[from, to)` in epoch milliseconds; an end may be open. */
export interface TimeRange {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

export interface SplitRange {
  /** Whole buckets: read from the rollups. Undefined where the range holds none. */
  readonly buckets: TimeRange | undefined;
  /** What is left at the ends: read from the rows themselves. */
  readonly edges: readonly { readonly from: number; readonly to: number }[];
}

/** Splits a range so that figures are exact to the millisecond and still come from the rollups for the most part. */
export function splitRange({ from, to }: TimeRange): SplitRange {
  const start = from === undefined ? undefined : ceil(from);
  const end = to === undefined ? undefined : floor(to);
  if (from !== undefined && to !== undefined && (start ?? 0) >= (end ?? 0)) {
    return to > from ? inOneOrTwoBuckets(from, to) : { buckets: undefined, edges: [] };
  }
  return { buckets: { from: start, to: end }, edges: [...edge(from, start), ...edge(end, to)] };
}

function inOneOrTwoBuckets(from: number, to: number): SplitRange {
  return { buckets: undefined, edges: [{ from, to }] };
}

function edge(from: number | undefined, to: number | undefined): { from: number; to: number }[] {
  return from !== undefined && to !== undefined && from < to ? [{ from, to }] : [];
}

function ceil(at: number): number {
  return Math.ceil(at / rollupBucketMs) * rollupBucketMs;
}

function floor(at: number): number {
  return Math.floor(at / rollupBucketMs) * rollupBucketMs;
}
