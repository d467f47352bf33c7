import type { Latency } from '@telltale/contracts';

/** The last so many latencies, for percentiles of now rather than of all time. */
export class LatencyWindow {
  private readonly values: number[] = [];
  private next = 0;

  constructor(private readonly size = 1024) {}

  /** @param ms milliseconds */
  add(ms: number): void {
    this.values[this.next] = ms;
    this.next = (this.next + 1) % this.size;
  }

  percentiles(): Latency {
    const sorted = [...this.values].sort((a, b) => a - b);
    const at = (share: number) =>
      sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
    return { p50: at(0.5), p99: at(0.99) };
  }
}
