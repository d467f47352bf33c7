import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FileTree, TrackedDirectory } from './file-tree';
import { look } from './look';
import { fileStat, type FileStat } from './reading';
import { Share, type Portion, type Warmth } from './share';
import type { TrackedFile } from './tracked-file';

/** A file or folder that changed this recently is warm. */
const warmMs = 10 * 60_000;
/** `stat` calls under way at once; the thread pool that does them serves the live path, too. */
const statsAtOnce = 2;
/** The coarsest clock of a file system that is in use (FAT's). */
const tickMs = 2000;
/** So long the live path may be kept waiting by a round. */
const sliceMs = 0.5;

interface Portions {
  readonly files: Portion;
  readonly directories: Portion;
}

/** Nothing but the sweep finds what changes: whatever is in use is looked at in every round. */
const unheard: Portions = {
  files: { warm: Infinity, cold: 1500 },
  directories: { warm: Infinity, cold: 1500 },
};
/** Every folder sends events: an insurance against what nobody thought of, and cheap. */
const heard: Portions = {
  files: { warm: 500, cold: 500 },
  directories: { warm: 100, cold: 100 },
};
const everything: Portions = {
  files: { warm: 0, cold: Infinity },
  directories: { warm: 0, cold: Infinity },
};
/**
 * The system drops events without a word where more are waiting than its queue holds, 16,384 by default; those in it
 * still arrive. So after fewer none was dropped, and after this many a round looks at everything.
 */
const burstEvents = 2048;

export interface SweepTarget {
  readonly files: ReadonlyMap<string, TrackedFile>;
  readonly tree: Pick<FileTree, 'directories' | 'visit' | 'eventsHeard' | 'hearsEverything'>;
  /** The file looks otherwise than when it was read last, is gone, or could not be read. */
  onChange(file: TrackedFile, seen: FileStat | undefined): void;
}

/**
 * Looks at files and folders with nothing but `stat`, again and again. Where events come it finds the few that
 * the system dropped; where none come (network disks, no watches left) it finds everything.
 */
export class Sweep {
  private readonly files: Share<TrackedFile>;
  private readonly directories: Share<TrackedDirectory>;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private warmSince = 0;
  /** Events that had come when everything was looked at last. */
  private eventsBefore = 0;

  constructor(
    private readonly target: SweepTarget,
    private readonly intervalMs: number,
  ) {
    this.files = new Share(target.files, (file) => this.warmthOfFile(file));
    this.directories = new Share(target.tree.directories, (directory) => this.warmthOfDirectory(directory));
  }

  start(): void {
    this.timer = setTimeout(() => {
      void this.round().finally(() => !this.stopped && this.start());
    }, this.intervalMs);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** One round over what changed lately and a share of the rest. Never rejects. */
  async round(): Promise<void> {
    this.warmSince = Date.now() - warmMs;
    const portions = this.portions();
    await overAll(this.directories.next(portions.directories), (directory) =>
      this.target.tree.visit(directory),
    );
    await overAll(this.files.next(portions.files), (file) => this.lookAt(file));
  }

  private portions(): Portions {
    const { tree } = this.target;
    if (!tree.hearsEverything()) return unheard;
    if (tree.eventsHeard - this.eventsBefore < burstEvents) return heard;
    this.eventsBefore = tree.eventsHeard;
    return everything;
  }

  private warmthOfFile({ troubled, reader, stat }: TrackedFile): Warmth {
    if (troubled || reader.needsTurn !== undefined) return 'always';
    return (stat?.mtimeMs ?? 0) > this.warmSince ? 'warm' : 'cold';
  }

  private warmthOfDirectory({ path, root, seen }: TrackedDirectory): Warmth {
    if (path === root) return 'always';
    return (seen?.mtimeMs ?? 0) > this.warmSince ? 'warm' : 'cold';
  }

  private async lookAt(file: TrackedFile): Promise<void> {
    if (this.stopped || file.running || file.queued !== 'no') return;
    if (file.reader.isMember && !file.troubled) return;
    const seen = await look(file.path, file.local).then(
      (stats) => stats && fileStat(stats),
      () => file.stat, // not readable now: nothing is known of it, least of all that it is gone
    );
    if (wantsTurn(file, seen)) this.target.onChange(file, seen);
  }
}

function wantsTurn(file: TrackedFile, seen: FileStat | undefined): boolean {
  const changed = file.troubled || !sameStat(seen, file.stat) || wasReadEarly(file);
  return changed || (file.reader.needsTurn?.() ?? false);
}

/**
 * Read so soon after its last change that another one in the same tick of the file system's clock would look like none.
 * What only grows cannot hide that.
 */
function wasReadEarly({ reader, stat, readAt }: TrackedFile): boolean {
  return !reader.grows && stat !== undefined && readAt > 0 && readAt - stat.mtimeMs < tickMs;
}

function sameStat(a: FileStat | undefined, b: FileStat | undefined): boolean {
  return a?.size === b?.size && a?.mtimeMs === b?.mtimeMs && a?.inode === b?.inode;
}

/** In slices: between two of them whatever else there is to do gets its turn. */
async function overAll<T>(values: Iterable<T>, work: (value: T) => Promise<void>): Promise<void> {
  const iterator = values[Symbol.iterator]();
  let sliceEnd = performance.now() + sliceMs;
  const worker = async () => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) {
      await work(next.value);
      if (performance.now() < sliceEnd) continue;
      await nextTurn();
      sliceEnd = performance.now() + sliceMs;
    }
  };
  await Promise.all(Array.from({ length: statsAtOnce }, worker));
}
