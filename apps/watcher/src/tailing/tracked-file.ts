import { readerOf, type FileReader } from './file-reader';
import type { FoundFile } from './file-tree';
import type { LineSearch } from './line-search';
import { beginning, type Position } from './position';
import type { FileStat } from './reading';

/** One watched file: what is known of it on disk and in the log. Small, because there are thousands of them. */
export interface TrackedFile {
  readonly path: string;
  readonly root: string;
  readonly reader: FileReader;
  /** It lies on a disk of this machine. */
  readonly local: boolean;
  /** The subject of its facts. */
  readonly subject: string;
  /** As last seen; undefined where it has not been seen on disk. */
  stat: FileStat | undefined;
  /** When it was read last, epoch milliseconds; 0: never. */
  readAt: number;
  position: Position;
  /** Where the search for the end of a long, half-written line goes on. */
  search: LineSearch | undefined;
  /** Epoch milliseconds of the first change that no turn has read yet. */
  touchedAt: number | undefined;
  /** All of it that can be published is. */
  settled: boolean;
  /** The last turn failed: the sweep tries again. */
  troubled: boolean;
  /** It belongs to a project that is not published. */
  excluded?: boolean;
  /** Where it stands with the scheduler. */
  queued: 'no' | 'live' | 'backlog';
  running: boolean;
  /** Set while a turn runs: it needs another one. */
  again: boolean;
}

/** A file of which nothing is known but where it was found, and as what. @param stat undefined: not on disk (any more) */
export function newTrackedFile(
  { path, root, reading, local }: Pick<FoundFile, 'path' | 'root' | 'reading' | 'local'>,
  subject: string,
  stat: FileStat | undefined,
): TrackedFile {
  return {
    path,
    root,
    reader: readerOf(reading),
    local,
    subject,
    stat,
    readAt: 0,
    position: beginning,
    search: undefined,
    touchedAt: undefined,
    settled: false,
    troubled: false,
    queued: 'no',
    running: false,
    again: false,
  };
}

/** Bytes on disk that are not in the log. */
export function bytesBehind(file: TrackedFile): number {
  if (!file.stat || file.excluded || file.position.deleted || (!file.reader.grows && file.settled)) return 0;
  return Math.max(0, file.stat.size - file.position.offset);
}
