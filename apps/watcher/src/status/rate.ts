const slots = 10;

/** Events a second over the last ten seconds. */
export class Rate {
  private readonly counts = new Array<number>(slots).fill(0);
  private second = 0;

  /** @param now epoch milliseconds */
  add(amount: number, now = Date.now()): void {
    this.turnTo(now);
    this.counts[this.second % slots] = (this.counts[this.second % slots] ?? 0) + amount;
  }

  perSecond(now = Date.now()): number {
    this.turnTo(now);
    return this.counts.reduce((sum, count) => sum + count, 0) / slots;
  }

  private turnTo(now: number): void {
    const second = Math.floor(now / 1000);
    const passed = Math.min(slots, second - this.second);
    for (let i = 1; i <= passed; i++) this.counts[(second - passed + i) % slots] = 0;
    this.second = Math.max(this.second, second);
  }
}
