import type { WatcherHeartbeat } from '@telltale/contracts';

export type BackfillLine = { readonly kind: 'status' | 'done'; readonly text: string };

/** What the terminal says of the first backfill, from one heartbeat of the watcher's to the next. */
export class BackfillProgress {
  private isDone = false;

  /** @param since when the watcher began, milliseconds of the same clock as `now` */
  constructor(private readonly since: number) {}

  /** Undefined once it is over. */
  on(
    { backfill, files }: Pick<WatcherHeartbeat, 'backfill' | 'files'>,
    now: number,
  ): BackfillLine | undefined {
    if (this.isDone) return undefined;
    const { totalBytes, doneBytes, done } = backfill;
    if (!done) {
      const percent = totalBytes > 0 ? ` (${Math.floor((100 * doneBytes) / totalBytes)} %)` : '';
      return {
        kind: 'status',
        text: `  Reading the files that are there: ${megabytes(doneBytes)} of ${megabytes(totalBytes)}${percent}`,
      };
    }
    this.isDone = true;
    const seconds = ((now - this.since) / 1000).toFixed(1);
    return {
      kind: 'done',
      text: `✓ Backfill done: ${files.toLocaleString('en')} files, ${megabytes(totalBytes)} in ${seconds} s`,
    };
  }
}

function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  return `${value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 })} MB`;
}
