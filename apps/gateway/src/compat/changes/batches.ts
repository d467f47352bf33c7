/** How much is handled at once, and how much may wait. */
const mostAtOnce = 500;
const mostWaiting = 5000;

/**
 * Natural batches, without a timer: a lone change is handled at once, and what comes while one batch is being handled
 * is the next. Changes of one key that wait together are merged into one.
 */
export class Batches<T> {
  private readonly waiting = new Map<string, T>();
  private running = false;

  /** @param lost told which changes were dropped: a batch failed, or too many were waiting */
  constructor(
    private readonly handle: (batch: ReadonlyMap<string, T>) => Promise<void>,
    private readonly lost: (reason: unknown, dropped: ReadonlyMap<string, T>) => void,
  ) {}

  add(key: string, merge: (before: T | undefined) => T): void {
    if (this.waiting.size >= mostWaiting && !this.waiting.has(key)) {
      const dropped = new Map(this.waiting).set(key, merge(undefined));
      this.waiting.clear();
      return this.lost(new Error(`more than ${mostWaiting} changed sessions are waiting`), dropped);
    }
    this.waiting.set(key, merge(this.waiting.get(key)));
    if (!this.running) void this.run();
  }

  /** What waits is not wanted any more. */
  clear(): void {
    this.waiting.clear();
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.waiting.size > 0) {
      const batch = this.take();
      try {
        await this.handle(batch);
      } catch (error) {
        this.lost(error, batch); // the next batch may find the database back
      }
    }
    this.running = false;
  }

  private take(): ReadonlyMap<string, T> {
    const batch = new Map([...this.waiting].slice(0, mostAtOnce));
    for (const key of batch.keys()) this.waiting.delete(key);
    return batch;
  }
}
