import type { Source } from '@telltale/contracts';
import type { FileReader } from '../tailing/file-reader';

/**
 * How a file is read: `lines` are tailed; a `document` is small JSON that is published whole when its content changed.
 * Whatever needs more brings a reader of its own, made once for each file.
 */
export type FileReading = 'lines' | 'document' | (() => FileReader);

/** Environment variables; each source reads its own by `readEnvironment`. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface FileDescription {
  readonly reading: FileReading;
  /** Facts of files with one key keep their order: the session where the path tells it, else the store. */
  readonly orderingKey: string;
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
}
