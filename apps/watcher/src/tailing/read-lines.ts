import type { FileHandle } from 'node:fs/promises';
import { findLineEnd, openFile, readAt } from './bounded-reads';
import { fingerprint, firstBytesLimit, identityMatches, tailLimit, type Identity } from './fingerprint';
import { firstPart, nextCut, type Cut } from './next-cut';
import { restarted, type Position } from './position';
import { fileStat, newGeneration, type FileStat, type FreshBytes, type Reading } from './reading';

export interface LineReadRequest {
  readonly path: string;
  readonly position: Position;
  /** No line end lies between the position and this byte: the search goes on from here. */
  readonly searchedTo: number;
  /** Bytes a fact carries at most. */
  readonly room: number;
}

/**
 * Reads the next whole lines of a growing file, or the next part of a line longer than a fact. What follows the
 * last newline stays unread. A file that is shorter than its position, another one, or has other bytes before
 * its position starts again from byte 0 in a new generation. Memory: one fact, whatever the file's size.
 *
 * @throws errors of the file system other than "no such file"
 */
export async function readLines(request: LineReadRequest): Promise<Reading> {
  const handle = await openFile(request.path);
  if (!handle) return { kind: 'gone' };
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return { kind: 'gone' };
    const file = { handle, device: stats.dev, stat: fileStat(stats), room: request.room };
    return await readOn(file, await proven(file, request.position), request.searchedTo);
  } finally {
    // Nobody waits for it: closing is no part of the way from append to fact.
    handle.close().catch(() => undefined);
  }
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly device: number;
  readonly stat: FileStat;
  readonly room: number;
}

/** The position itself where it can belong to this file, as far as metadata and first bytes tell, else a restarted one. */
async function proven(file: OpenFile, position: Position): Promise<Position> {
  const { identity } = position;
  if (position.generation === undefined || !identity) return restarted(position);
  if (file.stat.size < position.offset || file.stat.inode !== identity.inode) return restarted(position);
  if (!position.unproven) return position;
  const first = await readAt(file.handle, 0, identity.bytes);
  return identityMatches(identity, file.stat.inode, first)
    ? { ...position, unproven: false }
    : restarted(position);
}

async function readOn(file: OpenFile, position: Position, searchedTo: number): Promise<Reading> {
  const { stat } = file;
  const searched = searchedTo > position.offset && searchedTo <= stat.size ? searchedTo : 0;
  if (await isStillHalf(file, searched)) return { kind: 'nothing', stat, searchedTo: stat.size };
  const window = await readWindow(file, position);
  if (!window) return readOn(file, restarted(position), 0);
  const cut = await resolved(file, position, window.fresh, searched);
  switch (cut.kind) {
    case 'changed':
      return readOn(file, restarted(position), 0);
    case 'half':
      return { kind: 'nothing', stat, searchedTo: 0 };
    case 'long':
      return { kind: 'nothing', stat, searchedTo: stat.size };
    case 'lines':
    case 'part':
      return freshBytes(file, position, window, cut);
  }
}

/** A long line of which no end was seen so far: whether there still is none. Saves reading all of it at each append. */
async function isStillHalf(file: OpenFile, searched: number): Promise<boolean> {
  return searched > 0 && (await findLineEnd(file.handle, searched, file.stat.size)) === undefined;
}

/** The bytes after the position, and those before it that prove that they belong there. */
interface Window {
  readonly before: Buffer;
  readonly fresh: Buffer;
}

/** Undefined where the bytes before the position are not those that were published. One read for both. */
async function readWindow(file: OpenFile, position: Position): Promise<Window | undefined> {
  const proof = Math.min(tailLimit, position.offset);
  const wanted = Math.min(file.stat.size - position.offset, Math.max(file.room, position.part?.size ?? 0));
  const bytes = await readAt(file.handle, position.offset - proof, proof + wanted);
  const before = bytes.subarray(0, proof);
  if (proof > 0 && fingerprint(before) !== position.tail) return undefined;
  return { before, fresh: bytes.subarray(proof) };
}

type PublishableCut = Extract<Cut, { kind: 'lines' | 'part' }>;

function freshBytes(
  file: OpenFile,
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

/** Turns `long` into its first part once the line's end is known. */
async function resolved(
  file: OpenFile,
  position: Position,
  fresh: Uint8Array,
  searchedTo: number,
): Promise<Cut> {
  const cut = nextCut(fresh, file.room, position.part);
  if (cut.kind !== 'long') return cut;
  const end = await findLineEnd(
    file.handle,
    Math.max(searchedTo, position.offset + fresh.length),
    file.stat.size,
  );
  return end === undefined ? cut : firstPart(end - position.offset, file.room);
}

/** A generation keeps the first bytes it began with. */
function identityOf(file: OpenFile, position: Position, bytes: Uint8Array): Identity {
  const place = { device: file.device, inode: file.stat.inode };
  if (position.identity) return { ...position.identity, ...place };
  const first = bytes.subarray(0, firstBytesLimit);
  return { ...place, hash: fingerprint(first), bytes: first.length };
}
