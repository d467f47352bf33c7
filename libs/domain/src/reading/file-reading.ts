import type { Source } from '@telltale/contracts';
import type { SourceDecoder } from '../decoding/decoder';
import type { Observation, Place } from '../observation';
import { unreadPosition } from './file-position';
import { FileReader, joinedFact, type FileFact } from './file-reader';

/** One record of a file and what it says. */
export interface ReadRecord {
  readonly said: readonly Observation[];
  readonly fact: Pick<FileFact, 'time' | 'kind'>;
  readonly place: Place;
  /** The line, and its bytes without the newline; empty where the file's end says something. */
  readonly text: string;
  readonly bytes: number;
  readonly generation: string;
}

/** Longer lines are passed over: one reader must not take the memory of all. */
const longestLineBytes = 64 * 1024 * 1024;

/** Reads a file from its first fact on. The parts of a line are held until the last one comes. */
export class FileReading {
  /** Sequence of the last fact that was read. */
  last = 0;
  private readonly position = unreadPosition();
  private readonly reader: FileReader;
  private parts: Uint8Array[] | undefined;

  constructor(decoder: SourceDecoder, file: { readonly source: Source; readonly host: string }) {
    this.reader = new FileReader(decoder, file, this.position);
  }

  get path(): string {
    return this.position.path;
  }

  get generation(): string {
    return this.position.generation;
  }

  get removed(): boolean {
    return this.position.removed;
  }

  /** What the file is to its sessions: `main`, an agent's name …; empty where it is not listed. */
  get role(): string {
    return this.reader.decoder.roleOf(this.position);
  }

  /** What a fact's lines say; nothing of a fact that was read before, and of lines that cannot be read. */
  *read(fact: FileFact): Generator<ReadRecord> {
    if (fact.sequence <= this.last) return;
    this.last = fact.sequence;
    const { time, kind } = fact;
    if (kind === 'file.removed' || kind === 'file.renamed') {
      this.parts = undefined;
      const said = this.reader.remove(fact);
      yield { ...said, fact: { time, kind }, text: '', bytes: 0, generation: this.generation };
      return;
    }
    const brought = this.brought(fact);
    if (brought === undefined) return;
    for (const { problem, ...line } of this.reader.lines(brought.whole, brought.skip))
      if (problem === undefined) yield { ...line, fact: { time, kind }, generation: this.generation };
  }

  private brought(fact: FileFact): { readonly whole: FileFact; readonly skip: number } | undefined {
    const brought = this.reader.begin(fact);
    if (brought.kind === 'lines') return { whole: fact, skip: brought.skip };
    const parts = this.keptParts(fact);
    if (brought.kind !== 'long-line' || parts?.length !== brought.count) return undefined;
    return { whole: joinedFact(fact, parts, brought.firstSequence), skip: 0 };
  }

  /** The parts of the line so far; undefined where one is missing, or the line is too long. */
  private keptParts({ attributes, body }: FileFact): Uint8Array[] | undefined {
    const { k, n } = attributes.part ?? { k: 1, n: 1 };
    if (k === 1) this.parts = n * body.length > longestLineBytes ? undefined : [];
    const { parts } = this;
    const follows = parts?.length === k - 1;
    if (follows) parts.push(body);
    this.parts = follows && k < n ? parts : undefined;
    return follows ? parts : undefined;
  }
}
