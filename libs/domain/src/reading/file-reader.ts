import { bodyLines, type FactAttributes, type FactKind, type Source } from '@telltale/contracts';
import type { SourceDecoder } from '../decoding/decoder';
import { maySpeakOf, takesPushedId } from '../decoding/pushed-names';
import type { FileContext, Observation, Place } from '../observation';
import type { FilePosition } from './file-position';

/** A fact of one file, as it lies in the log; a long line's parts may stand in it as one. */
export interface FileFact {
  /** Of a line in parts that of the first. */
  readonly sequence: number;
  /** The broker's time of it, epoch ms. */
  readonly time: number;
  readonly kind: FactKind;
  readonly attributes: FactAttributes;
  readonly body: Uint8Array;
}

/** What a fact brings that was not read before. */
export type Brought =
  /** Lines, from byte `skip` of its body on. */
  | { readonly kind: 'lines'; readonly skip: number }
  /** The last part of a line: its parts, which are to be read together. */
  | { readonly kind: 'long-line'; readonly firstSequence: number; readonly count: number }
  /** The last part of a line whose first part was not seen: it cannot be read. */
  | { readonly kind: 'no-first-part' }
  /** What was read before, or a part of a line that goes on. */
  | { readonly kind: 'nothing' };

/** One line of a file and what it says. */
export interface ReadLine {
  readonly said: Observation[];
  readonly place: Place;
  readonly text: string;
  /** How long the line is without its newline. */
  readonly bytes: number;
  /** Why it says nothing; undefined where it was read. */
  readonly problem: string | undefined;
}

const nothing: Brought = { kind: 'nothing' };

/**
 * Reads a file's facts in the order of the log, and moves its position on: what came of one generation is not read
 * again, and a line that cannot be read says nothing. Who calls brings the parts of long lines, where `begin` says so.
 */
export class FileReader {
  constructor(
    readonly decoder: SourceDecoder,
    private readonly file: { readonly source: Source; readonly host: string },
    private readonly position: FilePosition,
  ) {}

  /** What the decoder is told of the file: a new generation may have come to another path. */
  contextOf({ kind, attributes }: Pick<FileFact, 'kind' | 'attributes'>): FileContext {
    const { path, root } = this.isOfAnother(attributes) ? attributes : this.position;
    const { source, host } = this.file;
    return { source, host, path, root, fact: kind };
  }

  /** Whether the file begins anew with this fact, perhaps in another place. */
  isOfAnother({ generation }: Pick<FactAttributes, 'generation'>): boolean {
    return generation !== this.position.generation;
  }

  /** What the fact brings. The position lies behind it from now on, so that is to be read next. */
  begin(fact: FileFact): Brought {
    const { position } = this;
    const { attributes } = fact;
    if (this.isOfAnother(attributes)) this.startGeneration(fact);
    position.removed = false;
    // What proves a picture reads one fact.
    if (attributes.part !== undefined && fact.kind !== 'attachment.added') return this.beginPart(fact);
    // Byte ranges only save work: what was read of this generation is not read again.
    const skip = Math.max(0, position.offset - attributes.from);
    position.offset = Math.max(position.offset, attributes.to);
    position.partSequence = null;
    return skip < fact.body.length ? { kind: 'lines', skip } : nothing;
  }

  private startGeneration(fact: FileFact): void {
    const { generation, path, root } = fact.attributes;
    const state = this.decoder.initialState(this.contextOf(fact));
    Object.assign(this.position, { generation, path, root, offset: 0, partSequence: null, state });
  }

  private beginPart({ sequence, attributes }: FileFact): Brought {
    const { position } = this;
    const { k, n } = attributes.part ?? { k: 1, n: 1 };
    if (k === 1) position.partSequence = sequence;
    if (attributes.to <= position.offset || k < n) return nothing;
    const firstSequence = position.partSequence;
    position.partSequence = null;
    position.offset = attributes.to;
    return firstSequence === null
      ? { kind: 'no-first-part' }
      : { kind: 'long-line', firstSequence, count: n };
  }

  /** The lines of a fact, from byte `skip` of its body on, each once its predecessor was read. */
  *lines(fact: FileFact, skip = 0): Generator<ReadLine> {
    const context = this.contextOf(fact);
    const { decoder, position } = this;
    const { sequence, attributes } = fact;
    for (const { text, line, offset, bytes } of bodyLines(fact.body, skip)) {
      const place = { sequence, line, offset: attributes.from + offset };
      const said: Observation[] = [];
      const outcome = decoder.decodeLine(position.state, text, context, place, said);
      const isForeign = !said.every((one) => maySpeakOf(context.source, one));
      if (isForeign) said.length = 0;
      const problem = isForeign ? takesPushedId : outcome.ok ? undefined : outcome.reason;
      yield { said, place, text, bytes, problem };
    }
  }

  /** What it says that the file was removed; nothing where that was heard before. */
  remove(fact: FileFact): { readonly said: readonly Observation[]; readonly place: Place } {
    const { position, decoder } = this;
    const { sequence, time, attributes } = fact;
    const said: Observation[] = [];
    const place = { sequence, line: 0, offset: attributes.to };
    const context = this.contextOf(fact);
    const at = attributes.seen ?? time;
    if (!position.removed) decoder.fileRemoved?.(position.state, context, { at, place }, said);
    position.removed = true;
    position.partSequence = null;
    return { said: said.filter((one) => maySpeakOf(context.source, one)), place };
  }
}

/** The fact of a long line's last part as one of all its parts, which stands where the first does. */
export function joinedFact(last: FileFact, parts: readonly Uint8Array[], firstSequence: number): FileFact {
  const body = concatenated(parts);
  const { part: _, ...attributes } = last.attributes;
  return {
    ...last,
    sequence: firstSequence,
    attributes: { ...attributes, from: attributes.to - body.length },
    body,
  };
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
