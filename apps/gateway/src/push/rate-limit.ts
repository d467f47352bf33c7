import { LRUCache } from 'lru-cache';

/** What may be used at once is what comes in so many seconds. */
const burstSeconds = 10;
/** Credentials are few; this is for the day on which they are not. */
const rememberedKeys = 10_000;

interface Bucket {
  readonly left: number;
  /** Epoch milliseconds at which `left` was true. */
  readonly at: number;
}

/** So many requests a second for each key, with some in hand: a bucket that fills while nothing is taken. */
export class RateLimit {
  private readonly buckets = new LRUCache<string, Bucket>({ max: rememberedKeys });
  private readonly capacity: number;

  constructor(private readonly perSecond: number) {
    this.capacity = Math.max(1, perSecond * burstSeconds);
  }

  /** Takes one. @returns 0, or in how many milliseconds there will be one; then nothing was taken */
  take(key: string, now: number): number {
    const bucket = this.buckets.get(key);
    const left = this.leftOf(bucket, now);
    if (left < 1) {
      // The clock was put back: from here on it counts, not from a time that is yet to come.
      if (bucket && bucket.at > now) this.buckets.set(key, { left, at: now });
      return Math.ceil(((1 - left) / this.perSecond) * 1000);
    }
    this.buckets.set(key, { left: left - 1, at: now });
    return 0;
  }

  private leftOf(bucket: Bucket | undefined, now: number): number {
    if (bucket === undefined) return this.capacity;
    const passed = Math.max(0, now - bucket.at) / 1000;
    return Math.min(this.capacity, bucket.left + passed * this.perSecond);
  }
}
