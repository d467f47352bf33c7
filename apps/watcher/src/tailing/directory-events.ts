import { watch, type FSWatcher } from 'node:fs';
import type { Logger } from '@telltale/platform';
import { errorCode } from './error-code';

/** `name` is undefined where the system does not say which entry changed. */
export type DirectoryEvent = (directory: string, name: string | undefined) => void;

/**
 * One `fs.watch` per folder: the only way that saw every append within a tenth of a millisecond. Where the
 * system gives no more watches, or none at all, the sweep does the work alone.
 */
export class DirectoryEvents {
  private readonly watchers = new Map<string, FSWatcher>();
  private complained = false;

  constructor(
    private readonly onEvent: DirectoryEvent,
    private readonly logger: Logger,
  ) {}

  /** Watches a folder, anew where it was watched already (it may be another one by now). */
  add(directory: string): void {
    this.remove(directory);
    try {
      const watcher = watch(directory, (_kind, name) => this.onEvent(directory, name ?? undefined));
      watcher.on('error', () => this.remove(directory)); // the folder is gone or its disk is: the sweep finds out
      this.watchers.set(directory, watcher);
    } catch (error) {
      this.complain(directory, error);
    }
  }

  remove(directory: string): void {
    this.watchers.get(directory)?.close();
    this.watchers.delete(directory);
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
