const windowMs = 60_000;
/** Refusals that are written down within a window: of one caller, and altogether. */
const limits = { caller: 5, all: 20 } as const;

/** Bounds what who is refused may write into a trail that is never shortened. */
export class AuditQuota {
  private until = 0;
  private readonly byCaller = new Map<string, number>();
  private written = 0;
  private leftOut = 0;

  /** @returns undefined: not this one. Else how many were left out since the last one that was written */
  take(caller: string, now: number): number | undefined {
    // More than a window ahead: the clock was put back.
    if (now >= this.until || this.until - now > windowMs) this.begin(now);
    const ofCaller = this.byCaller.get(caller) ?? 0;
    if (ofCaller >= limits.caller || this.written >= limits.all) {
      this.leftOut++;
      return undefined;
    }
    this.byCaller.set(caller, ofCaller + 1);
    this.written++;
    const leftOut = this.leftOut;
    this.leftOut = 0;
    return leftOut;
  }

  private begin(now: number): void {
    this.until = now + windowMs;
    this.byCaller.clear();
    this.written = 0;
  }
}
