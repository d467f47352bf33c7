import { aroundBytes } from '../privacy/masking/part-masker';
import { readAt } from './bounded-reads';
import { fingerprint, firstBytesLimit, identityMatches, tailLimit, type Identity } from './fingerprint';
import { resumeSearch, searchedAll, searchLineEnd, type LineSearch } from './line-search';
import { firstPart, nextCut, type Cut } from './next-cut';
import { openFile, type OpenedFile } from './opened-file';
import { restarted, type Position } from './position';
import { fileStat, newGeneration, type FileStat, type FreshBytes, type Reading } from './reading';

export interface LineReadRequest {
  readonly path: string;
  /** It lies on a disk of this machine. */
  readonly local: boolean;
  readonly position: Position;
  /** Set where the end of a long line was searched in vain: the search goes on from there. */
  readonly search: LineSearch | undefined;
  /** Bytes a fact carries at most. */
  readonly room: number;
}

/**
 * Reads the next whole lines of a growing file, or the next part of a line longer than a fact. What follows the
 * last newline stays unread unless it is a whole record. A file that is shorter than its position, another one, or has other bytes before
 * its position starts again from byte 0 in a new generation. Memory: one fact, whatever the file's size.
 *
 * @throws errors of the file system other than "no such file"
 */
export async function readLines(request: LineReadRequest): Promise<Reading> {
  const opened = await openFile(request.path, request.local);
  if (!opened) return { kind: 'gone' };
  try {
    const { stats } = opened;
    if (!stats.isFile()) return { kind: 'gone' };
    const file = { opened, device: stats.dev, stat: fileStat(stats), room: request.room };
    return await readOn(file, await proven(file, request.position), request.search);
  } finally {
    opened.close();
  }
}

interface ReadFile {
  readonly opened: OpenedFile;
  readonly device: number;
  readonly stat: FileStat;
  readonly room: number;
}

/** The position itself where it can belong to this file, as far as metadata and first bytes tell, else a restarted one. */
async function proven(file: ReadFile, position: Position): Promise<Position> {
  const { identity } = position;
  if (position.generation === undefined || !identity) return restarted(position);
  if (file.stat.size < position.offset || file.stat.inode !== identity.inode) return restarted(position);
  // No watcher says so: whoever did would have us read as much at once as they like.
  if (identity.bytes > firstBytesLimit) return restarted(position);
  if (!position.unproven) return position;
  const first = await readAt(file.opened, 0, identity.bytes);
  return identityMatches(identity, file.stat.inode, first)
    ? { ...position, unproven: false }
    : restarted(position);
}

async function readOn(file: ReadFile, position: Position, search: LineSearch | undefined): Promise<Reading> {
  const { opened, stat } = file;
  const searchFrom = await resumeSearch(opened, position.offset, search);
  // A long line that is still half written: saves reading all of it at each append.
  const isHalf = searchFrom > position.offset && (await searchLineEnd(opened, searchFrom)) === undefined;
  if (isHalf) return { kind: 'nothing', stat, search: await searchedAll(opened, position.offset) };
  const window = await readWindow(file, position);
  if (!window) return readOn(file, restarted(position), undefined);
  const cut = await resolved(file, position, window.fresh);
  switch (cut.kind) {
    case 'changed':
      return readOn(file, restarted(position), undefined);
    case 'half':
      return { kind: 'nothing', stat, search: undefined };
    case 'long':
      return { kind: 'nothing', stat, search: await searchedAll(opened, position.offset) };
    case 'lines':
      return freshBytes(file, position, window, cut);
    case 'part':
      return withAround(file, position, freshBytes(file, position, window, cut));
  }
}

/** The bytes after the position, and those before it that prove that they belong there. */
interface Window {
  readonly before: Buffer;
  readonly fresh: Buffer;
}

/** Undefined where the bytes before the position are not those that were published. One read for both. */
async function readWindow(file: ReadFile, position: Position): Promise<Window | undefined> {
  const proof = Math.min(tailLimit, position.offset);
  const wanted = Math.min(file.stat.size - position.offset, Math.max(file.room, position.part?.size ?? 0));
  const bytes = await readAt(file.opened, position.offset - proof, proof + wanted);
  const before = bytes.subarray(0, proof);
  if (proof > 0 && fingerprint(before) !== position.tail) return undefined;
  return { before, fresh: bytes.subarray(proof) };
}

type PublishableCut = Extract<Cut, { kind: 'lines' | 'part' }>;

function freshBytes(
  file: ReadFile,
  position: Position,
  { before, fresh }: Window,
  cut: PublishableCut,
): FreshBytes {
  const bytes = fresh.subarray(0, cut.length);
  const tail =
    cut.length >= tailLimit
      ? bytes.subarray(-tailLimit)
      : Buffer.concat([before, bytes]).subarray(-tailLimit);
  return {
    kind: 'bytes',
    bytes,
    generation: position.generation ?? newGeneration(),
    from: position.offset,
    to: position.offset + cut.length,
    part: cut.kind === 'part' ? { k: cut.k, n: cut.n, size: position.part?.size ?? cut.length } : undefined,
    identity: identityOf(file, position, bytes),
    tail: fingerprint(tail),
    stat: file.stat,
    // Behind the last newline of a window that reaches the file's end there can be no further one.
    more: cut.kind === 'part' || position.offset + fresh.length < file.stat.size,
  };
}

/** With as much of the line before and behind the part as masking looks at. */
async function withAround(file: ReadFile, position: Position, part: FreshBytes): Promise<FreshBytes> {
  const { k, size } = part.part ?? { k: 1, size: 0 };
  const begin = Math.max(position.offset - (k - 1) * size, part.from - aroundBytes);
  const before = await readAt(file.opened, begin, part.from - begin);
  const behind = await readAt(file.opened, part.to, aroundBytes);
  return { ...part, around: { bytes: Buffer.concat([before, part.bytes, behind]), at: before.length } };
}

/** Turns `long` into its first part once the line's end is known. */
async function resolved(file: ReadFile, position: Position, fresh: Uint8Array): Promise<Cut> {
  const atEnd = position.offset + fresh.length === file.stat.size;
  const cut = nextCut(fresh, { room: file.room, atEnd }, position.part);
  if (cut.kind !== 'long') return cut;
  const end = await searchLineEnd(file.opened, position.offset + fresh.length);
  return end === undefined ? cut : firstPart(end - position.offset, file.room);
}

/** A generation keeps the first bytes it began with. */
function identityOf(file: ReadFile, position: Position, bytes: Uint8Array): Identity {
  const place = { device: file.device, inode: file.stat.inode };
  if (position.identity) return { ...position.identity, ...place };
  const first = bytes.subarray(0, firstBytesLimit);
  return { ...place, hash: fingerprint(first), bytes: first.length };
}
