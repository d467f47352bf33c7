import { stat } from 'node:fs/promises';
import { isAbsent } from './error-code';
import type { FileTree, TrackedDirectory } from './file-tree';
import { fileStat, type FileStat } from './reading';
import { Rotation } from './rotation';
import type { TrackedFile } from './tracked-file';

/** A file or folder that changed this recently is looked at in every round. */
const warmMs = 10 * 60_000;
/** Of all the others, so many a round, in turn: a round's cost has a bound, and everybody's turn comes. */
const coldPerRound = 1500;
/** `stat` calls under way at once; the thread pool that does them serves the live path, too. */
const statsAtOnce = 2;

export interface SweepTarget {
  readonly files: ReadonlyMap<string, TrackedFile>;
  readonly tree: FileTree;
  /** The file looks otherwise than when it was read last, is gone, or could not be read. */
  onChange(file: TrackedFile, seen: FileStat | undefined): void;
}

/**
 * Looks at files and folders with nothing but `stat`, again and again. Where events come it finds the few that
 * the system dropped; where none come (network disks, no watches left) it finds everything.
 */
export class Sweep {
  private readonly coldFiles: Rotation<TrackedFile>;
  private readonly coldDirectories: Rotation<TrackedDirectory>;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly target: SweepTarget,
    private readonly intervalMs: number,
  ) {
    this.coldFiles = new Rotation(target.files);
    this.coldDirectories = new Rotation(target.tree.directories);
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
    const since = Date.now() - warmMs;
    const directories = pick(
      this.target.tree.directories,
      this.coldDirectories,
      (d) => d.path === d.root || (d.seen?.mtimeMs ?? 0) > since,
    );
    const files = pick(
      this.target.files,
      this.coldFiles,
      (f) => f.troubled || f.reader.needsTurn !== undefined || (f.stat?.mtimeMs ?? 0) > since,
    );
    await overAll(directories, (directory) => this.target.tree.visit(directory));
    await overAll(files, (file) => this.look(file));
  }

  private async look(file: TrackedFile): Promise<void> {
    if (this.stopped || file.running || file.queued !== 'no') return;
    const seen = await stat(file.path).then(fileStat, (error: unknown) => {
      if (isAbsent(error)) return undefined;
      return file.stat; // not readable now: nothing is known of it, least of all that it is gone
    });
    const changed = file.troubled || !sameStat(seen, file.stat);
    if (changed || file.reader.needsTurn?.()) this.target.onChange(file, seen);
  }
}

function pick<T>(all: ReadonlyMap<string, T>, rotation: Rotation<T>, isWarm: (value: T) => boolean): Set<T> {
  const picked = new Set(rotation.next(coldPerRound));
  for (const value of all.values()) if (isWarm(value)) picked.add(value);
  return picked;
}

function sameStat(a: FileStat | undefined, b: FileStat | undefined): boolean {
  return a?.size === b?.size && a?.mtimeMs === b?.mtimeMs && a?.inode === b?.inode;
}

async function overAll<T>(values: Iterable<T>, work: (value: T) => Promise<void>): Promise<void> {
  const iterator = values[Symbol.iterator]();
  const worker = async () => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: statsAtOnce }, worker));
}
