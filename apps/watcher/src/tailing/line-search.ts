import { findLineEnd, readAt } from './bounded-reads';
import { fingerprint, tailLimit } from './fingerprint';
import type { OpenedFile } from './opened-file';

/** How far the end of a long, half-written line was searched, and proof that the file is still that one. */
export interface LineSearch {
  /** Where the line starts. */
  readonly from: number;
  /** No line end lies before this byte. */
  readonly to: number;
  readonly inode: number;
  /** Fingerprint of up to 1 KiB before `to`. */
  readonly tail: string;
}

/** All of the file behind `from` was searched. */
export async function searchedAll(file: OpenedFile, from: number): Promise<LineSearch> {
  const { size, ino } = file.stats;
  return { from, to: size, inode: ino, tail: await tailBefore(file, size) };
}

/** Where to go on with a search that began at `from`: where it stopped, or at the start where the file is not the same. */
export async function resumeSearch(
  file: OpenedFile,
  from: number,
  search: LineSearch | undefined,
): Promise<number> {
  const { size, ino } = file.stats;
  if (search?.from !== from || search.inode !== ino || search.to > size) return from;
  return (await tailBefore(file, search.to)) === search.tail ? search.to : from;
}

/** The offset behind the newline that ends the line, searched from `from` on; undefined where it is not written yet. */
export function searchLineEnd(file: OpenedFile, from: number): Promise<number | undefined> {
  return findLineEnd(file, from, file.stats.size);
}

async function tailBefore(file: OpenedFile, to: number): Promise<string> {
  const length = Math.min(tailLimit, to);
  return fingerprint(await readAt(file, to - length, length));
}
