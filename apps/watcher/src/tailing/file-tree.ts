import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Logger } from '@telltale/platform';
import type { FileDescription, WatchedSource } from '../sources/source';
import type { Exclusion } from '../sources/exclusion';
import { work } from '../status/work';
import { DirectoryEvents } from './directory-events';
import { isOnLocalDisk } from './local-disk';
import { look } from './look';
import { fileStat, type FileStat } from './reading';

/** A watched folder. */
export interface TrackedDirectory {
  readonly path: string;
  readonly root: string;
  readonly source: WatchedSource;
  /** As of the last listing; undefined before the first. */
  seen:
    | { readonly device: number; readonly inode: number; readonly mtimeMs: number; readonly at: number }
    | undefined;
  /** It lies on a disk of this machine. */
  local: boolean;
}

export interface FoundFile extends FileDescription {
  readonly path: string;
  readonly root: string;
  readonly source: WatchedSource;
  /** It lies on a disk of this machine. */
  readonly local: boolean;
}

export interface TreeListener {
  /** A file of interest is there for the first time. */
  found(file: FoundFile, stat: FileStat): void;
  isKnown(path: string): boolean;
  /** Something happened to a file: it grew, was rewritten, came or went. False: not known, look what it is. */
  touched(path: string): boolean;
  /** A root is there that was not, and its files were found. */
  rootCame(): void;
}

/** A listing this fresh may have missed an entry that came in the same tick of the file system's clock. */
const racyMs = 2000;
/** Deeper than any tool nests its files. */
export const depthLimit = 12;

/** Knows every folder that can hold files of interest, and finds new ones in them. */
export class FileTree {
  readonly directories = new Map<string, TrackedDirectory>();
  private readonly events: DirectoryEvents;

  constructor(
    private readonly sources: readonly WatchedSource[],
    private readonly excluded: Exclusion,
    private readonly listener: TreeListener,
    logger: Logger,
  ) {
    this.events = new DirectoryEvents((directory, name) => this.onEvent(directory, name), logger);
  }

  /** Finds everything below all roots. Events are on from the first moment: nothing falls between. */
  async scan(): Promise<void> {
    for (const source of this.sources) {
      for (const root of source.roots) {
        const directory = { path: root, root, source, seen: undefined, local: false };
        this.directories.set(root, directory);
        await this.visit(directory);
      }
    }
  }

  /** Lists a folder if it changed, or came, since the last time. */
  async visit(directory: TrackedDirectory): Promise<void> {
    const stats = await look(directory.path, directory.local).catch(() => undefined);
    if (!stats?.isDirectory()) return this.lost(directory);
    const { seen } = directory;
    if (seen?.inode !== stats.ino) await this.begin(directory, stats.mtimeMs);
    else if (seen?.mtimeMs === stats.mtimeMs && seen.at - seen.mtimeMs > racyMs) return;
    else if (isShortLived(directory)) this.events.addShortLived(directory.path, stats.mtimeMs);
    directory.seen = { device: stats.dev, inode: stats.ino, mtimeMs: stats.mtimeMs, at: Date.now() };
    await this.list(directory);
    if (seen === undefined) this.came(directory);
  }

  isRootPresent(root: string): boolean {
    return this.directories.get(root)?.seen !== undefined;
  }

  /** Whether it was there when it was seen last, and still is. False where that cannot be told. */
  async isRootThere(root: string): Promise<boolean> {
    // It may have been away when a file was missed, and just be back.
    if (!this.isRootPresent(root)) return false;
    const stats = await look(root, false).catch(() => undefined);
    return stats?.isDirectory() ?? false;
  }

  /** Events that have come so far. */
  get eventsHeard(): number {
    return this.events.heard;
  }

  /** Whether every folder that is there lies on a disk of this machine and sends events. */
  hearsEverything(): boolean {
    for (const { path, local, seen } of this.directories.values())
      if (seen !== undefined && !(local && this.events.has(path))) return false;
    return true;
  }

  close(): void {
    this.events.close();
  }

  private async begin(directory: TrackedDirectory, changedAt: number): Promise<void> {
    this.events.remove(directory.path); // another folder may have come to its path
    if (isShortLived(directory)) this.events.addShortLived(directory.path, changedAt);
    else this.events.add(directory.path);
    directory.local = await isOnLocalDisk(directory.path);
  }

  private came({ path, root }: TrackedDirectory): void {
    if (path === root) this.listener.rootCame();
  }

  private lost(directory: TrackedDirectory): void {
    this.events.remove(directory.path);
    directory.seen = undefined;
    if (directory.path !== directory.root) this.directories.delete(directory.path);
  }

  private async list(directory: TrackedDirectory): Promise<void> {
    work.listings += 1;
    const entries = await readdir(directory.path).catch(() => []); // gone or not readable: the next visit sees
    for (const name of entries) await this.meet(directory, join(directory.path, name));
  }

  /** An entry of a folder that may be new. */
  private async meet(parent: TrackedDirectory, path: string): Promise<void> {
    const interest = this.interestIn(parent, path);
    if (!interest || this.excluded(path)) return;
    work.stats += 1;
    const stats = await stat(path).catch(() => undefined);
    if (!stats) return; // it went as quickly as it came, or is a dangling link
    const { root, source, local } = parent;
    const description = describedAs(stats, interest);
    if (description) this.listener.found({ ...description, path, root, source, local }, fileStat(stats));
    if (stats.isDirectory() && !interest.asFile && !this.isWithinItself(path, root, stats))
      await this.enter({ path, root, source, seen: undefined, local: false });
  }

  /** Undefined where the entry is known, or nothing to us by its name. */
  private interestIn(parent: TrackedDirectory, path: string): Interest | undefined {
    if (this.directories.has(path)) return undefined;
    const { root, source } = parent;
    const asDirectory = source.describeDirectory?.(root, path);
    // A folder of interest may be known and have to be entered all the same: another one has come to its path.
    if (!asDirectory && this.listener.isKnown(path)) return undefined;
    const asFile = source.describeFile(root, path);
    const isOfInterest = asFile ?? asDirectory ?? this.mayEnter(parent, path);
    return isOfInterest ? { asFile, asDirectory } : undefined;
  }

  private mayEnter({ root, source }: TrackedDirectory, path: string): boolean {
    const depth = path.split('/').length - root.split('/').length;
    return depth <= depthLimit && source.entersDirectory(root, path);
  }

  /** A link that leads back to a folder it lies in. */
  private isWithinItself(path: string, root: string, { dev, ino }: Stats): boolean {
    for (let above = dirname(path); above.length >= root.length; above = dirname(above)) {
      const seen = this.directories.get(above)?.seen;
      if (seen?.inode === ino && seen.device === dev) return true;
      if (above === root) break;
    }
    return false;
  }

  private async enter(directory: TrackedDirectory): Promise<void> {
    if (this.directories.has(directory.path)) return;
    this.directories.set(directory.path, directory);
    await this.visit(directory);
  }

  private onEvent(directoryPath: string, name: string | undefined): void {
    const directory = this.directories.get(directoryPath);
    if (!directory) return;
    if (name === undefined) return void this.visit(directory);
    const path = join(directoryPath, name);
    const isFile = this.listener.touched(path);
    const known = this.directories.get(path);
    if (isFile && !known && !directory.source.describeDirectory) return;
    // A folder that vanished, or was replaced by another of its name, or a new entry.
    void (known ? this.visit(known) : this.meet(directory, path));
  }
}

function isShortLived({ source, root, path }: TrackedDirectory): boolean {
  return source.isShortLived?.(root, path) ?? false;
}

/** What an entry is by its name: a file to be told of, a folder to be told of, or a folder to be entered. */
interface Interest {
  readonly asFile: FileDescription | undefined;
  readonly asDirectory: FileDescription | undefined;
}

function describedAs(stats: Stats, { asFile, asDirectory }: Interest): FileDescription | undefined {
  if (stats.isFile()) return asFile;
  return stats.isDirectory() ? asDirectory : undefined;
}
