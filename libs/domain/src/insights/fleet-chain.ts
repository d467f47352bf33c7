/** More may not be waited for: something is lost. */
const mostAhead = 5000;

/**
 * Which steps of the fleet's chain of revisions were heard, in whatever order and however often: tells whether one is
 * missing.
 */
export class FleetChain {
  private generation: string | undefined;
  /** Every step up to this one was heard, or is part of what was read. */
  private upTo = 0n;
  private readonly ahead = new Set<bigint>();
  private newGeneration = false;

  /** What stands in the database, read before anything that rests on it. */
  adopt(revision: string): void {
    const { generation, n } = split(revision);
    if (generation !== this.generation) this.ahead.clear();
    this.upTo = generation === this.generation && this.upTo > n ? this.upTo : n;
    this.generation = generation;
    this.newGeneration = false;
    for (const step of this.ahead) if (step <= this.upTo) this.ahead.delete(step);
    this.followOn();
  }

  /** @param revision the one a delta leads to */
  hear(revision: string): void {
    const { generation, n } = split(revision);
    if (generation !== this.generation) this.newGeneration = true;
    else if (n > this.upTo) {
      this.ahead.add(n);
      this.followOn();
    }
  }

  /** No delta may still be on its way that makes this good: another read model, or too many steps at once. */
  get isBroken(): boolean {
    return this.newGeneration || this.ahead.size > mostAhead;
  }

  /** Whether every step up to this revision was heard. */
  holds(revision: string): boolean {
    const { generation, n } = split(revision);
    return generation === this.generation && n <= this.upTo;
  }

  private followOn(): void {
    while (this.ahead.delete(this.upTo + 1n)) this.upTo += 1n;
  }
}

/** `<generation>.<n>` */
function split(revision: string): { generation: string; n: bigint } {
  const dot = revision.lastIndexOf('.');
  const digits = revision.slice(dot + 1);
  return {
    generation: revision.slice(0, Math.max(dot, 0)),
    n: /^\d{1,19}$/.test(digits) ? BigInt(digits) : 0n,
  };
}
