interface Waiting<Work> {
  readonly work: Work;
  readonly done: () => void;
  readonly failed: (reason: unknown) => void;
}

/** How it ended for each of a group, in its order. */
export type Outcomes = readonly PromiseSettledResult<void>[];

/**
 * Does together what comes together: while `atOnce` groups are under way, what else comes waits, and goes all at once
 * with the next one. So a group is one thing where little happens, and larger the more there is to do.
 */
export class Gathering<Work> {
  private waiting: Waiting<Work>[] = [];
  private running = 0;
  private isDue = false;

  constructor(
    private readonly atOnce: number,
    private readonly together: (group: readonly Work[]) => Promise<Outcomes>,
  ) {}

  /** Resolves, or rejects, as it ended for this one. */
  run(work: Work): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ work, done, failed });
      this.schedule();
    });
  }

  /** Not in this turn of the event loop: those of the group that just ended come again in it. */
  private schedule(): void {
    if (this.isDue || this.running >= this.atOnce || this.waiting.length === 0) return;
    this.isDue = true;
    setImmediate(() => {
      this.isDue = false;
      void this.next();
    });
  }

  private async next(): Promise<void> {
    const group = this.waiting;
    this.waiting = [];
    this.running += 1;
    const [outcomes] = await Promise.allSettled([this.together(group.map(({ work }) => work))]);
    this.running -= 1;
    for (const [index, { done, failed }] of group.entries()) {
      const outcome = outcomes.status === 'fulfilled' ? outcomes.value[index] : outcomes;
      if (outcome?.status === 'rejected') failed(outcome.reason);
      else done();
    }
    this.schedule();
  }
}
