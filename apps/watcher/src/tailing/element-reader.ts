import { setTimeout as delay } from 'node:timers/promises';
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

/** What another watcher has begun to say is left to it for a moment first, for longer each time. */
const shortestWaitMs = 50;
const longestWaitMs = 1000;
/** A document that rested for so long is hardly written again: its elements are not remembered. */
const restedMs = 24 * 60 * 60_000;

/** What is on its way into the log: one state of the document. */
interface Version {
  /** Where the log was when it was begun. */
  readonly start: Pick<Position, 'sequence' | 'offset'>;
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
  /** How often in a row another watcher's fact was there first. */
  private lost = 0;

  constructor(private readonly split: Split) {}

  async read(request: ReadRequest): Promise<Reading> {
    if (this.version !== undefined && isAt(request.position, this.version))
      return this.next(this.version, request);
    if (this.version !== undefined) await this.giveWay();
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
    this.lost = 0;
    version.lines.stored(reading);
    version.offset = reading.to;
    if (!version.lines.isEmpty) return;
    const { generation, elements, stat } = version;
    this.known = stat.mtimeMs > Date.now() - restedMs ? { generation, elements } : undefined;
    this.version = undefined;
  }

  /** Two that say the same of a large document, each always anew, would keep each other from its end. */
  private async giveWay(): Promise<void> {
    this.version = undefined;
    const ms = Math.min(longestWaitMs, shortestWaitMs * 2 ** this.lost);
    this.lost += 1;
    await delay(ms * (0.5 + Math.random() / 2));
  }

  /** Undefined where there is nothing to say, or the document is half written: its next change wakes us again. */
  private changes(
    content: Buffer,
    position: Position,
    { stat, identity }: Pick<Version, 'stat' | 'identity'>,
  ): Version | undefined {
    const isHeld = holds(position, identity);
    const split = isHeld && this.lost === 0 ? undefined : this.split(parsed(content));
    if (split === undefined) return undefined;
    if (isHeld) return this.learn(position, split);
    const before = this.known?.generation === position.generation ? this.known : undefined;
    const from = before === undefined ? afresh() : { ...before, offset: position.offset };
    const { lines, elements } = difference(split, from.elements);
    if (lines.length === 0) return undefined;
    const start = { sequence: position.sequence, offset: from.offset };
    this.version = { ...from, start, elements, lines: new PendingLines(lines), identity, stat };
    return this.version;
  }

  /** Another watcher has said it all: the next change goes on from there. */
  private learn({ generation }: Position, split: readonly ElementLine[]): undefined {
    this.lost = 0;
    if (generation !== undefined)
      this.known = { generation, elements: difference(split, new Map()).elements };
  }

  private next(version: Version, { room }: ReadRequest): Reading {
    const slice = version.lines.take(room);
    if (slice === undefined) return { kind: 'nothing', stat: version.stat, search: undefined };
    const { bytes, part, around, last } = slice;
    return {
      kind: 'bytes',
      type: 'telltale.file.replaced.v1',
      bytes,
      part,
      ...(around === undefined ? {} : { around }),
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
  const { start, generation, offset } = version;
  if (offset === start.offset) return position.sequence === start.sequence;
  return position.generation === generation && position.offset === offset;
}

function parsed(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
