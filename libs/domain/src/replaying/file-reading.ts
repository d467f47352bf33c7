import type { FactAttributes, FactKind, Source } from '@telltale/contracts';
import type { DecoderState, SourceDecoder } from '../decoding/decoder';
import type { FileContext, Observation, Place } from '../decoding/observation';
import { maySpeakOf } from '../decoding/pushed-names';
import { bodyLines } from './body-lines';

/** A fact of one file, as it lies in the log. */
export interface FileFact {
  readonly sequence: number;
  /** The broker's time of it, epoch ms. */
  readonly time: number;
  readonly kind: FactKind;
  readonly attributes: FactAttributes;
  readonly body: Uint8Array;
}

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

/**
 * Reads a file's facts, in the order of the log, as ingest reads them: what came of one generation is not read again,
 * the parts of a long line are put together, and a line that cannot be read says nothing.
 */
export class FileReading {
  path = '';
  root = '';
  generation = '';
  /** Sequence of the last fact that was read. */
  last = 0;
  removed = false;
  private offset = 0;
  private state: DecoderState = {};
  private parts: Uint8Array[] | undefined;
  private firstPart = 0;

  constructor(
    private readonly decoder: SourceDecoder,
    private readonly file: { readonly source: Source; readonly host: string },
  ) {}

  /** What the file is to its sessions: `main`, an agent's name …; empty where it is not listed. */
  get role(): string {
    return this.decoder.roleOf(this);
  }

  *read(fact: FileFact): Generator<ReadRecord> {
    if (fact.sequence <= this.last) return;
    this.last = fact.sequence;
    if (fact.kind === 'file.removed' || fact.kind === 'file.renamed') yield* this.remove(fact);
    else yield* this.tell(fact);
  }

  private *tell(fact: FileFact): Generator<ReadRecord> {
    const { attributes, kind } = fact;
    if (attributes.generation !== this.generation) this.begin(fact);
    this.removed = false;
    const whole = attributes.part === undefined || kind === 'attachment.added' ? fact : this.joined(fact);
    if (whole === undefined) return;
    const { from, to } = whole.attributes;
    const skip = Math.max(0, this.offset - from);
    this.offset = Math.max(this.offset, to);
    yield* this.lines(whole, skip);
  }

  private begin(fact: FileFact): void {
    const { generation, path, root } = fact.attributes;
    this.generation = generation;
    this.path = path;
    this.root = root;
    this.offset = 0;
    this.parts = undefined;
    this.state = this.decoder.initialState(this.context(fact.kind));
  }

  /** The whole line once its last part is there; undefined before, and where a part is missing. */
  private joined(fact: FileFact): FileFact | undefined {
    const { part = { k: 1, n: 1 }, to } = fact.attributes;
    if (part.k === 1) {
      this.parts = part.n * fact.body.length > longestLineBytes ? undefined : [];
      this.firstPart = fact.sequence;
    }
    if (to <= this.offset) return undefined;
    if (this.parts?.length === part.k - 1) this.parts.push(fact.body);
    else this.parts = undefined;
    if (part.k < part.n) return undefined;
    const { parts } = this;
    this.parts = undefined;
    if (parts === undefined) {
      this.offset = to;
      return undefined;
    }
    const body = concatenated(parts);
    return {
      ...fact,
      sequence: this.firstPart,
      attributes: { ...fact.attributes, from: to - body.length },
      body,
    };
  }

  private *lines(fact: FileFact, skip: number): Generator<ReadRecord> {
    const { sequence, time, kind, attributes, body } = fact;
    const context = this.context(kind);
    for (const { text, line, offset, bytes } of bodyLines(body, skip)) {
      const place = { sequence, line, offset: attributes.from + offset };
      const said: Observation[] = [];
      this.decoder.decodeLine(this.state, text, context, place, said);
      if (!said.every((one) => maySpeakOf(context.source, one))) continue;
      yield { said, fact: { time, kind }, place, text, bytes, generation: this.generation };
    }
  }

  private *remove({ sequence, time, kind, attributes }: FileFact): Generator<ReadRecord> {
    const said: Observation[] = [];
    const place = { sequence, line: 0, offset: attributes.to };
    const at = attributes.seen ?? time;
    if (!this.removed) this.decoder.fileRemoved?.(this.state, this.context(kind), { at, place }, said);
    this.removed = true;
    this.parts = undefined;
    yield { said, fact: { time, kind }, place, text: '', bytes: 0, generation: this.generation };
  }

  private context(fact: FactKind): FileContext {
    const { path, root } = this;
    return { ...this.file, path, root, fact };
  }
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
