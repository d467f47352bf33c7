/**
 * Durations as counts in logarithmic buckets, so that medians add up without keeping every value: exact below
 * 64 ms, then 32 buckets an octave (a value read back is at most 3 % off).
 */
export type DurationHistogram = { readonly [bucket: string]: number };

const exactBelow = 64;
const perOctave = 32;

/** The bucket of a duration in ms, rounded: exact below a bound, then so many buckets for each doubling. */
export function durationBucket(ms: number): number {
  const value = Math.max(0, Math.round(ms));
  if (value < exactBelow) return value;
  const octave = Math.floor(Math.log2(value)) - 6;
  return exactBelow + octave * perOctave + Math.floor((value / 2 ** (octave + 6) - 1) * perOctave);
}

/** The middle of a bucket in milliseconds. */
export function bucketValue(bucket: number): number {
  if (bucket < exactBelow) return bucket;
  const octave = Math.floor((bucket - exactBelow) / perOctave);
  const step = (bucket - exactBelow) % perOctave;
  return Math.round(2 ** (octave + 6) * (1 + (step + 0.5) / perOctave));
}

/** The value at `share` (0–1) of the sorted durations; null for none. */
export function percentile(histogram: DurationHistogram, share: number): number | null {
  const buckets = Object.entries(histogram)
    .map(([bucket, count]) => [Number(bucket), count] as const)
    .sort((a, b) => a[0] - b[0]);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  if (total <= 0) return null;
  const rank = Math.max(1, Math.ceil(share * total));
  let seen = 0;
  for (const [bucket, count] of buckets) {
    seen += count;
    if (seen >= rank) return bucketValue(bucket);
  }
  return null;
}
