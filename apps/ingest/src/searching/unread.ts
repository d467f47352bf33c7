/**
 * Partitions in which the search has something to read: noted by whoever commits in this process. What others queued, or
 * an earlier process left, is found by looking.
 */
export class Unread {
  private readonly partitions = new Set<number>();
  private wake: (() => void) | undefined;

  /** May be called for every commit. */
  note(...partitions: readonly number[]): void {
    for (const partition of partitions) this.partitions.add(partition);
    if (!this.isEmpty) this.wake?.();
  }

  /** Those that were noted since they were taken last. */
  take(): number[] {
    const taken = [...this.partitions].sort((a, b) => a - b);
    this.partitions.clear();
    return taken;
  }

  get isEmpty(): boolean {
    return this.partitions.size === 0;
  }

  /** Resolves with the next one that is noted, or at once where one is; and after `ms`, or when aborted. */
  async some(ms: number, signal: AbortSignal): Promise<void> {
    if (this.isEmpty && !signal.aborted)
      await new Promise<void>((done) => {
        const end = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', end);
          this.wake = undefined;
          done();
        };
        const timer = setTimeout(end, ms);
        signal.addEventListener('abort', end);
        this.wake = end;
      });
  }
}
