const windowMs = 60_000;
const maxSamples = 2000;
/** Anything above is not the live path but a backlog, or another machine's clock. */
const plausibleMs = 10_000;

/** The median of the last minute's append → screen times. Time is handed in, epoch milliseconds. */
export class LatencyMeter {
  #samples: { readonly at: number; readonly ms: number }[] = [];

  add(seen: number, now: number): void {
    const ms = now - seen;
    if (ms < 0 || ms > plausibleMs) return;
    this.#samples.push({ at: now, ms });
    if (this.#samples.length > maxSamples) this.#samples.shift();
  }

  /** Null where the last minute brought nothing. */
  median(now: number): number | null {
    this.#samples = this.#samples.filter((sample) => now - sample.at <= windowMs);
    const sorted = this.#samples.map((sample) => sample.ms).sort((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
  }
}
