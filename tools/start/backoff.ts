/** How long to wait before something that ended is started again: 100 ms, doubling to 10 s; afresh after a minute up. */
export class Backoff {
  private failures = 0;

  /** @param upMs how long it ran */
  next(upMs: number): number {
    if (upMs >= 60_000) this.failures = 0;
    return Math.min(10_000, 100 * 2 ** this.failures++);
  }
}
