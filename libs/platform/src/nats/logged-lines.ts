import type { StoredMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  bodyLine,
  factsStreamName,
  parseFactHeaders,
  parseFactSubject,
  type FactAttributes,
  type Source,
} from '@telltale/contracts';
import { LRUCache } from 'lru-cache';
import { readParts, type LongLine } from './long-line';
import { StreamAccess } from './stream-access';

/** A line as it lies in the log, and whose it is. */
export interface LoggedLine {
  readonly source: Source;
  readonly text: string;
}

/** Bytes. Of a longer line there is nothing to be had: one reader must not take the memory of all. */
export interface LoggedLinesBounds {
  /** Bodies of facts that were read lately stay: what stands in one is asked for in a row. */
  readonly kept: number;
  readonly longestLine: number;
  /** Asked before a long line of so many bytes is given: false where there is no room for it. */
  readonly room?: (bytes: number) => Promise<boolean>;
}

interface Fact {
  readonly source: Source;
  readonly body: Uint8Array;
  readonly byteLength: number;
  /** Of a fact that is a part of a line: the whole line, null where this is not its first. */
  readonly partOf?: LongLine | null;
}

/** Watchers make no fact longer than half of this; whoever does has it counted like a line in parts. */
const usualBytes = 256 * 1024;

/** Reads lines back from the log, where the whole text of everything stands. */
export class LoggedLines {
  private readonly access: StreamAccess;
  private readonly facts: LRUCache<number, Fact>;
  private readonly underWay = new Map<number, Promise<Fact | undefined>>();
  private forgotten = 0;

  constructor(
    connection: NatsConnection,
    private readonly bounds: LoggedLinesBounds,
  ) {
    this.access = new StreamAccess(connection);
    this.facts = new LRUCache({
      maxSize: bounds.kept,
      sizeCalculation: ({ byteLength }) => Math.max(1, byteLength), // a fact may have no body
    });
  }

  /** What was read may be of another log by now, or deleted. */
  forget(): void {
    this.facts.clear();
    this.underWay.clear();
    this.forgotten += 1;
  }

  /**
   * Line `index` (from 0) of the fact at a sequence; of a line in parts that of the first. Undefined where the log no
   * longer holds it, and where it is too long.
   *
   * @throws what NATS throws where it does not answer; what `room` throws
   */
  async line(sequence: number, index: number): Promise<LoggedLine | undefined> {
    const fact = await this.fact(sequence);
    const body = fact && (await this.bodyOf(fact));
    const text = body && bodyLine(body, index);
    return fact === undefined || text === undefined ? undefined : { source: fact.source, text };
  }

  /** Reads the fact at a sequence ahead, of a long line its first part. @throws what NATS throws */
  async fetch(sequence: number): Promise<void> {
    await this.fact(sequence);
  }

  private async fact(sequence: number): Promise<Fact | undefined> {
    const known = this.facts.get(sequence);
    if (known !== undefined) return known;
    const reading = this.underWay.get(sequence) ?? this.read(sequence);
    this.underWay.set(sequence, reading);
    const { forgotten } = this;
    try {
      const fact = await reading;
      // What was read before all was forgotten is not kept after it.
      if (fact !== undefined && forgotten === this.forgotten) this.facts.set(sequence, fact);
      return fact;
    } finally {
      if (this.underWay.get(sequence) === reading) this.underWay.delete(sequence);
    }
  }

  private async read(sequence: number): Promise<Fact | undefined> {
    const manager = await this.access.manager();
    const message = await manager.direct.getMessage(factsStreamName, { seq: sequence });
    const subject = message === null ? undefined : parseFactSubject(message.subject);
    const headers = parseFactHeaders((name) => message?.header.get(name));
    if (message === null || subject === undefined || !headers.ok) return undefined;
    const body = Buffer.from(message.data); // the client's buffer around it may be three times as long
    const fact = { source: subject.source, body, byteLength: body.length };
    return { ...fact, ...partOf(message, headers.attributes) };
  }

  private async bodyOf(fact: Fact): Promise<Uint8Array | undefined> {
    if (fact.partOf !== undefined) return this.joined(fact);
    return fact.byteLength <= usualBytes || (await this.hasRoom(fact.byteLength)) ? fact.body : undefined;
  }

  /** Not kept: who needs a long line has room for it, and it is one record. */
  private async joined({ partOf, body }: Fact): Promise<Uint8Array | undefined> {
    if (!partOf) return undefined;
    const bytes = partOf.count * body.length;
    if (bytes > this.bounds.longestLine || !(await this.hasRoom(bytes))) return undefined;
    const parts = await readParts(await this.access.manager(), partOf, bytes); // none is longer than the first
    return parts.length === partOf.count ? Buffer.concat(parts) : undefined;
  }

  private async hasRoom(bytes: number): Promise<boolean> {
    return (await this.bounds.room?.(bytes)) !== false;
  }
}

function partOf({ subject, seq }: StoredMsg, { part }: FactAttributes): Pick<Fact, 'partOf'> {
  if (part === undefined) return {};
  return { partOf: part.k === 1 ? { subject, firstSequence: seq, count: part.n } : null };
}
