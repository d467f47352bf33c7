import { readAt } from './bounded-reads';
import { fingerprint, tailLimit, type Identity } from './fingerprint';
import { openFile } from './opened-file';
import type { Position } from './position';
import { fileStat, newGeneration, type Reading } from './reading';

/** A larger file is no small document: it is left out rather than held in memory. */
export const documentLimitBytes = 16 * 1024 * 1024;

export interface DocumentReadRequest {
  readonly path: string;
  /** It lies on a disk of this machine. */
  readonly local: boolean;
  readonly position: Position;
  readonly room: number;
}

/** The file is too large to be read as a document. */
export class DocumentTooLargeError extends Error {
  override readonly name = 'DocumentTooLargeError';
}

/**
 * Reads a small JSON file as one line, a new generation for each content. Its identity covers all of its bytes:
 * that tells whether the log holds this content already. A half-written document waits for its next change.
 *
 * @throws DocumentTooLargeError, and errors of the file system other than "no such file"
 */
export async function readDocument(request: DocumentReadRequest): Promise<Reading> {
  const opened = await openFile(request.path, request.local);
  if (!opened) return { kind: 'gone' };
  try {
    const { stats } = opened;
    if (!stats.isFile()) return { kind: 'gone' };
    if (stats.size > documentLimitBytes)
      throw new DocumentTooLargeError(`${request.path}: ${stats.size} bytes`);
    const content = await readAt(opened, 0, stats.size);
    const identity: Identity = {
      device: stats.dev,
      inode: stats.ino,
      hash: fingerprint(content),
      bytes: content.length,
    };
    const stat = fileStat(stats);
    const position = holds(request.position, identity) ? request.position : undefined;
    const settled = position !== undefined && position.part === undefined;
    if (settled || !isJson(content)) return { kind: 'nothing', stat, search: undefined };
    return { kind: 'bytes', identity, stat, ...slice(asLine(content), position, request.room) };
  } finally {
    opened.close();
  }
}

function holds(position: Position, identity: Identity): boolean {
  return (
    position.identity?.hash === identity.hash &&
    position.identity.bytes === identity.bytes &&
    position.generation !== undefined
  );
}

/** The next fact's share of the line: all of it, or the part after the last one. */
function slice(line: Buffer, position: Position | undefined, room: number) {
  const size = position?.part?.size ?? room;
  const n = Math.ceil(line.length / size);
  const k = position?.part ? position.part.k + 1 : 1;
  const from = (k - 1) * size;
  const to = Math.min(line.length, from + size);
  return {
    bytes: line.subarray(from, to),
    generation: position?.generation ?? newGeneration(),
    from,
    to,
    part: n > 1 ? { k, n, size } : undefined,
    around: { bytes: line, at: from },
    tail: fingerprint(line.subarray(Math.max(0, to - tailLimit), to)),
    more: k < n,
  };
}

function isJson(content: Buffer): boolean {
  try {
    JSON.parse(content.toString('utf8').replace(/^\uFEFF/, ''));
    return true;
  } catch {
    return false; // half written: the writer's next write wakes us again
  }
}

/** JSON holds raw line breaks only between its tokens, so blanks in their place change nothing and keep every offset. */
function asLine(content: Buffer): Buffer {
  const line = Buffer.concat([content, Buffer.from('\n')]);
  for (let i = 0; i < content.length; i++) {
    if (line[i] === 0x0a || line[i] === 0x0d) line[i] = 0x20;
  }
  return line;
}
