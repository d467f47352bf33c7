const windowMs = 60_000;
/** Refusals that are written down within a window: of one address, and altogether. */
const limits = { address: 5, all: 20 } as const;

/** Bounds what who is refused may write into a trail that is never shortened. */
export class AuditQuota {
  private until = 0;
  private readonly byAddress = new Map<string, number>();
  private written = 0;
  private leftOut = 0;

  /** @returns undefined: not this one. Else how many were left out since the last one that was written */
  take(address: string, now: number): number | undefined {
    // More than a window ahead: the clock was put back.
    if (now >= this.until || this.until - now > windowMs) this.begin(now);
    const ofAddress = this.byAddress.get(address) ?? 0;
    if (ofAddress >= limits.address || this.written >= limits.all) {
      this.leftOut++;
      return undefined;
    }
    this.byAddress.set(address, ofAddress + 1);
    this.written++;
    const leftOut = this.leftOut;
    this.leftOut = 0;
    return leftOut;
  }

  private begin(now: number): void {
    this.until = now + windowMs;
    this.byAddress.clear();
    this.written = 0;
  }
}
