import type { ElementLine } from '@telltale/contracts';
import { readAt } from './bounded-reads';
import type { FileReader, ReadRequest } from './file-reader';
import { fingerprint, tailLimit, type Identity } from './fingerprint';
import { openFile } from './opened-file';
import { PendingLines } from './pending-lines';
import type { Position } from './position';
import { DocumentTooLargeError } from './read-document';
import { fileStat, newGeneration, type FileStat, type FreshBytes, type Reading } from './reading';

/** A larger document is left out rather than held in memory. */
const limitBytes = 128 * 1024 * 1024;

/** The elements of a parsed document; undefined where it is none of its kind. */
export type Split = (document: unknown) => readonly ElementLine[] | undefined;

/** Of a fact that does not bring the log up to the document yet: no content has this fingerprint. */
const unfinished = { hash: '0', bytes: 0 } as const;

/** What is on its way into the log: one state of the document. */
interface Version {
  readonly lines: PendingLines;
  readonly generation: string;
  readonly identity: Identity;
  readonly stat: FileStat;
  /** Fingerprints of its elements. */
  readonly elements: ReadonlyMap<string, string>;
  offset: number;
}

/**
 * Publishes a JSON document that its tool rewrites whole, element by element as they change. What the log holds is
 * proven by the fingerprint of the content; which elements it holds is remembered while the process lives, and
 * after that said once more in a new generation, when the document changes next.
 */
export class ElementReader implements FileReader {
  readonly grows = false;
  private version: Version | undefined;
  private known: { readonly generation: string; readonly elements: ReadonlyMap<string, string> } | undefined;

  constructor(private readonly split: Split) {}

  async read(request: ReadRequest): Promise<Reading> {
    if (this.version !== undefined && isAt(request.position, this.version))
      return this.next(this.version, request);
    this.version = undefined;
    const opened = await openFile(request.path, request.local);
    if (!opened) return { kind: 'gone' };
    try {
      const { stats } = opened;
      if (!stats.isFile()) return { kind: 'gone' };
      if (stats.size > limitBytes) throw new DocumentTooLargeError(`${request.path}: ${stats.size} bytes`);
      const content = await readAt(opened, 0, stats.size);
      const stat = fileStat(stats);
      const identity = {
        device: stats.dev,
        inode: stats.ino,
        hash: fingerprint(content),
        bytes: content.length,
      };
      const version = this.changes(content, request.position, { stat, identity });
      return version === undefined
        ? { kind: 'nothing', stat, search: undefined }
        : this.next(version, request);
    } finally {
      opened.close();
    }
  }

  stored(reading: FreshBytes): void {
    const { version } = this;
    if (version === undefined) return;
    version.lines.stored(reading);
    version.offset = reading.to;
    if (!version.lines.isEmpty) return;
    this.known = { generation: version.generation, elements: version.elements };
    this.version = undefined;
  }

  /** Undefined where there is nothing to say, or the document is half written: its next change wakes us again. */
  private changes(
    content: Buffer,
    position: Position,
    { stat, identity }: Pick<Version, 'stat' | 'identity'>,
  ): Version | undefined {
    const split = holds(position, identity) ? undefined : this.split(parsed(content));
    if (split === undefined) return undefined;
    const before = this.known?.generation === position.generation ? this.known : undefined;
    const start = before === undefined ? afresh() : { ...before, offset: position.offset };
    const { lines, elements } = difference(split, start.elements);
    if (lines.length === 0) return undefined;
    this.version = { ...start, elements, lines: new PendingLines(lines), identity, stat };
    return this.version;
  }

  private next(version: Version, { room }: ReadRequest): Reading {
    const slice = version.lines.take(room);
    if (slice === undefined) return { kind: 'nothing', stat: version.stat, search: undefined };
    const { bytes, part, last } = slice;
    return {
      kind: 'bytes',
      type: 'telltale.file.replaced.v1',
      bytes,
      part,
      generation: version.generation,
      from: version.offset,
      to: version.offset + bytes.length,
      identity: last ? version.identity : { ...version.identity, ...unfinished },
      tail: fingerprint(bytes.subarray(Math.max(0, bytes.length - tailLimit))),
      stat: version.stat,
      // Whatever came meanwhile is found by one more look.
      more: true,
    };
  }
}

/** The log holds this content already. */
function holds(position: Position, { hash }: Identity): boolean {
  return position.generation !== undefined && position.identity?.hash === hash;
}

/** Nothing of the document is in the log, or it is not known what. */
function afresh(): Pick<Version, 'generation' | 'elements' | 'offset'> {
  return { generation: newGeneration(), elements: new Map(), offset: 0 };
}

/** The lines that lead from the elements of one state of a document to those of the next, and their fingerprints. */
function difference(
  split: readonly ElementLine[],
  before: ReadonlyMap<string, string>,
): { lines: Uint8Array[]; elements: Map<string, string> } {
  const lines: Uint8Array[] = [];
  const elements = new Map<string, string>();
  for (const line of split) {
    const bytes = lineOf(line);
    const print = fingerprint(bytes);
    elements.set(line.element, print);
    if (before.get(line.element) !== print) lines.push(bytes);
  }
  const gone = [...before.keys()].filter((element) => !elements.has(element));
  return { lines: [...lines, ...gone.map((element) => lineOf({ element, value: null }))], elements };
}

function lineOf(line: ElementLine): Uint8Array {
  return Buffer.from(`${JSON.stringify(line)}\n`);
}

/** The log's last fact of the file is the one this version's next fact goes on top of. */
function isAt(position: Position, version: Version): boolean {
  if (version.offset === 0) return true;
  return position.generation === version.generation && position.offset === version.offset;
}

function parsed(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
