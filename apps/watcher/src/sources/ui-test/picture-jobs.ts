/**
 * Looks at pictures beside the turns of files, a few at once: each takes memory, and may wait for the byte stream while
 * facts go on. What was asked for last goes first: a run's new picture before a backlog.
 */
export class PictureJobs {
  private readonly waiting: (() => Promise<void>)[] = [];
  private running = 0;

  constructor(private readonly atOnce = 4) {}

  /** @param job never rejects */
  add(job: () => Promise<void>): void {
    this.waiting.push(job);
    this.begin();
  }

  private begin(): void {
    while (this.running < this.atOnce) {
      const job = this.waiting.pop();
      if (job === undefined) return;
      this.running += 1;
      void job().finally(() => {
        this.running -= 1;
        this.begin();
      });
    }
  }
}
