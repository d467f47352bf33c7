import type { Source } from '@telltale/contracts';
import type { FileReading } from '../tailing/file-reader';

/** Environment variables; each source reads its own by `readEnvironment`. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface FileDescription {
  readonly reading: FileReading;
  /** Facts of files with one key keep their order: the session where the path tells it, else the store. */
  readonly orderingKey: string;
}

/**
 * Files within a file: what a store holds of one session is told of like a file of its own, at a path that the source
 * makes up and describes. Its store says when it wants a turn, for nothing of it lies on the disk.
 */
export interface Members {
  request(member: MemberTurn): void;
  /** Whether there is anything that is excluded. */
  readonly hasExclusions: boolean;
  /** Whether what belongs to this folder is never to be read. */
  excludes(directory: string): boolean;
}

export interface MemberTurn {
  readonly root: string;
  readonly path: string;
  /** Epoch milliseconds. */
  readonly changedAt: number;
  /** Not before the backlog's other files, where it is not. */
  readonly isLive: boolean;
}

/**
 * Where one tool keeps its files. A further tool is a folder beside this file and a line in `sources.ts`;
 * nothing else of the watcher knows the tools. Paths are absolute; all answers come from the path alone.
 */
export interface WatchedSource {
  readonly name: Source;
  /** Folders below which the tool's files lie; they need not exist yet. */
  readonly roots: readonly string[];
  /** Whether a folder below `root` (or the root itself) can hold files of interest. */
  entersDirectory(root: string, directory: string): boolean;
  /** Undefined: none of ours, never opened. */
  describeFile(root: string, path: string): FileDescription | undefined;
  /** For folders that say something by being there: told of like a file, and entered beside. */
  describeDirectory?(root: string, directory: string): FileDescription | undefined;
  /**
   * Folders that are written to for a while and then never again: only those that changed last are watched, because
   * watches are few; the sweep finds what happens in the others.
   */
  isShortLived?(root: string, directory: string): boolean;
  /** Called once, before anything else, where the source's stores have members. */
  attach?(members: Members): void;
}
