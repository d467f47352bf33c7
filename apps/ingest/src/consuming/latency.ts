import type { Latency } from '@telltale/contracts';

const kept = 2048;
const windowMs = 60_000;

/** Latencies of the last minute, at most 2,048 of them. */
export class LatencyWindow {
  private samples: { readonly at: number; readonly ms: number }[] = [];
  private next = 0;

  add(ms: number, now: number): void {
    this.samples[this.next] = { at: now, ms: Math.max(0, ms) };
    this.next = (this.next + 1) % kept;
  }

  read(now: number): Latency {
    const sorted = this.samples
      .filter((sample) => now - sample.at <= windowMs)
      .map((sample) => sample.ms)
      .sort((a, b) => a - b);
    if (sorted.length === 0) return { p50: null, p99: null };
    return {
      p50: sorted[Math.ceil(sorted.length * 0.5) - 1] ?? null,
      p99: sorted[Math.ceil(sorted.length * 0.99) - 1] ?? null,
    };
  }
}

/** Events a second over the last ten seconds. */
export class RateWindow {
  private readonly seconds = new Map<number, number>();

  add(count: number, now: number): void {
    const second = Math.floor(now / 1000);
    this.seconds.set(second, (this.seconds.get(second) ?? 0) + count);
    for (const old of this.seconds.keys()) if (old < second - 10) this.seconds.delete(old);
  }

  read(now: number): number {
    const second = Math.floor(now / 1000);
    let sum = 0;
    for (const [at, count] of this.seconds) if (at >= second - 10 && at < second) sum += count;
    return sum / 10;
  }
}
