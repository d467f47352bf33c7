import { watch, type FSWatcher } from 'node:fs';
import type { Logger } from '@telltale/platform';
import { errorCode } from './error-code';

/** `name` is undefined where the system does not say which entry changed. */
export type DirectoryEvent = (directory: string, name: string | undefined) => void;

/** Of folders that are written to for a short while only, so many are watched; the system's watches are few. */
const mostShortLived = 1024;
/** So many more, before the oldest give way together. */
const shortLivedSlack = 128;

/**
 * One `fs.watch` per folder: the only way that saw every append within a tenth of a millisecond. Where the
 * system gives no more watches, or none at all, the sweep does the work alone.
 */
export class DirectoryEvents {
  private readonly watchers = new Map<string, FSWatcher>();
  /** Folders of a short life that are watched, by the time of their last change. */
  private readonly shortLived = new Map<string, number>();
  private complained = false;
  /** How many events have come. */
  heard = 0;

  constructor(
    private readonly onEvent: DirectoryEvent,
    private readonly logger: Logger,
  ) {}

  /** Watches a folder, anew where it was watched already (it may be another one by now). */
  add(directory: string): void {
    this.remove(directory);
    try {
      const watcher = watch(directory, (_kind, name) => {
        this.heard += 1;
        this.onEvent(directory, name ?? undefined);
      });
      watcher.on('error', () => this.remove(directory)); // the folder is gone or its disk is: the sweep finds out
      this.watchers.set(directory, watcher);
    } catch (error) {
      this.complain(directory, error);
    }
  }

  /** Watches a folder that is written to for a short while, and only as long as it is among the latest. Epoch ms. */
  addShortLived(directory: string, changedAt: number): void {
    if (!this.watchers.has(directory)) this.add(directory);
    this.shortLived.set(directory, changedAt);
    if (this.shortLived.size < mostShortLived + shortLivedSlack) return;
    const byAge = [...this.shortLived].sort(([, a], [, b]) => a - b);
    for (const [oldest] of byAge.slice(0, -mostShortLived)) this.remove(oldest);
  }

  has(directory: string): boolean {
    return this.watchers.has(directory);
  }

  remove(directory: string): void {
    this.watchers.get(directory)?.close();
    this.watchers.delete(directory);
    this.shortLived.delete(directory);
  }

  close(): void {
    for (const directory of [...this.watchers.keys()]) this.remove(directory);
  }

  private complain(directory: string, error: unknown): void {
    const code = errorCode(error);
    if (code === 'ENOENT' || this.complained) return;
    this.complained = true;
    const advice = code === 'ENOSPC' ? 'raise fs.inotify.max_user_watches for faster updates' : undefined;
    this.logger.warn('a folder cannot be watched; changes are found by sweeping', {
      directory,
      error,
      advice,
    });
  }
}
