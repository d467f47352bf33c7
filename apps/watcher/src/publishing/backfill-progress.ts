import type { WatcherHeartbeat } from '@telltale/contracts';
import { bytesBehind, type TrackedFile } from '../tailing/tracked-file';

/** How far the backfill is that began when the watcher started: of what lay there unpublished, how much is in the log. */
export class BackfillProgress {
  private readonly pending = new Map<TrackedFile, number>();
  private totalBytes = 0;
  private begun = false;

  /** Takes the measure: call once positions are known, before anything is published. */
  begin(files: Iterable<TrackedFile>): void {
    this.begun = true;
    for (const file of files) {
      const bytes = bytesBehind(file);
      this.pending.set(file, bytes);
      this.totalBytes += bytes;
    }
  }

  /** A file that was found while the backfill is under way belongs to it. */
  add(file: TrackedFile): void {
    if (this.pending.size > 0) this.pending.set(file, bytesBehind(file));
  }

  /** All of the file is in the log, or it is gone. */
  finish(file: TrackedFile): void {
    this.pending.delete(file);
  }

  snapshot(): WatcherHeartbeat['backfill'] {
    let left = 0;
    for (const [file, bytes] of this.pending) left += Math.min(bytes, bytesBehind(file));
    return {
      totalBytes: this.totalBytes,
      doneBytes: this.totalBytes - left,
      done: this.begun && this.pending.size === 0,
    };
  }
}
