import type { LineSearch } from './line-search';
import type { Position } from './position';
import { readDocument } from './read-document';
import { readLines } from './read-lines';
import type { FreshBytes, Reading } from './reading';

export interface ReadRequest {
  /** Absolute. */
  readonly path: string;
  /** It lies on a disk of this machine. */
  readonly local: boolean;
  readonly position: Position;
  /** Set where the end of a long line was searched in vain: the search goes on from there. */
  readonly search: LineSearch | undefined;
  /** Bytes a fact carries at most. */
  readonly room: number;
  /** Undefined where nothing but facts may leave this host. */
  readonly attachments?: Attachments;
}

/** What a reader can do with bytes that belong to a fact but do not fit into it. */
export interface Attachments {
  /** Brings them into the byte stream, however long that takes; false: the program ends. */
  store(sha256: string, bytes: Uint8Array): Promise<boolean>;
  /** The file wants a turn: what was begun in an earlier one is done. */
  wake(): void;
  /** Tells the watcher's owner what stays behind. */
  warn(message: string, details: Readonly<Record<string, unknown>>): void;
}

/**
 * Reads what comes next of one file. It may remember what it read, but must find its way from `position` alone: after
 * a start, and after another watcher's fact, that is all there is.
 */
export interface FileReader {
  /** The file only grows: what lies behind the position's offset is not in the log yet. */
  readonly grows: boolean;
  /** It lies within another file, which says when it wants a turn. */
  readonly isMember?: true;
  /** @throws errors of the file system other than "no such file" */
  read(request: ReadRequest): Promise<Reading>;
  /** Asked in every round of the sweep, where it is there: something beside the file itself wants a turn. */
  needsTurn?(): boolean;
  /** The fact made of this reading is in the log. */
  stored?(reading: FreshBytes): void;
  /** Its session was deleted: what is kept for further readings is not wanted any more. */
  forget?(): void;
}

/**
 * How a file is read: `lines` are tailed; a `document` is small JSON that is published whole when its content changed.
 * Whatever needs more brings a reader of its own, made once for each file.
 */
export type FileReading = 'lines' | 'document' | (() => FileReader);

const lineReader: FileReader = { grows: true, read: readLines };
const documentReader: FileReader = { grows: false, read: readDocument };

/** The reader of one file. */
export function readerOf(reading: FileReading): FileReader {
  if (typeof reading === 'function') return reading();
  return reading === 'lines' ? lineReader : documentReader;
}
