import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  factHeaderPrefix,
  factsStreamName,
  maxFactBytes,
  parseFactSubject,
  type Source,
} from '@telltale/contracts';
import { readParts, UnreadableLineError } from '../consuming/long-lines';
import { linesOf } from '../projecting/file-lines';

/** Bodies that were read lately: the items of a fact come one after another. */
const keptBytes = 8 * 1024 * 1024;
/** Of a longer line the preview is searched. */
const longestLineBytes = 16 * 1024 * 1024;

interface Fact {
  readonly source: Source;
  readonly body: Uint8Array;
}
export interface FactLine {
  readonly source: Source;
  readonly text: string;
}

/** Reads lines back from the log. */
export class FactLines {
  private manager: Promise<JetStreamManager> | undefined;
  private readonly known = new Map<number, Fact | undefined>();
  private bytes = 0;

  constructor(private readonly connection: NatsConnection) {}

  /**
   * Line `index` of the fact at a sequence, put together where it came in parts. Undefined where the log does not hold
   * it, or it is too long.
   *
   * @throws what NATS throws where the log cannot be asked
   */
  async line(sequence: number, index: number): Promise<FactLine | undefined> {
    const fact = await this.fact(sequence);
    if (fact === undefined) return undefined;
    for (const { line, text } of linesOf(fact.body)) if (line === index) return { source: fact.source, text };
    return undefined;
  }

  private async fact(sequence: number): Promise<Fact | undefined> {
    if (this.known.has(sequence)) return this.known.get(sequence);
    const fact = await this.read(sequence);
    this.known.set(sequence, fact);
    this.bytes += fact?.body.length ?? 0;
    for (const [oldest, { body } = { body: new Uint8Array() }] of this.known) {
      if (this.bytes <= keptBytes || oldest === sequence) break;
      this.known.delete(oldest);
      this.bytes -= body.length;
    }
    return fact;
  }

  /** What was read may be of another log by now, or deleted. */
  forget(): void {
    this.known.clear();
    this.bytes = 0;
  }

  private async read(sequence: number): Promise<Fact | undefined> {
    this.manager ??= jetstreamManager(this.connection, { checkAPI: false }).catch((error: unknown) => {
      this.manager = undefined;
      throw error;
    });
    const message = await (await this.manager).direct.getMessage(factsStreamName, { seq: sequence });
    const subject = message === null ? undefined : parseFactSubject(message.subject);
    if (message === null || subject === undefined) return undefined;
    const part = /^1\/(\d+)$/.exec(message.header.get(`${factHeaderPrefix}part`))?.[1];
    if (part === undefined) return { source: subject.source, body: message.data };
    const count = Number(part);
    if (count * maxFactBytes > longestLineBytes) return undefined;
    const parts = await this.parts({ subject: message.subject, firstSequence: sequence, count });
    return parts && { source: subject.source, body: Buffer.concat(parts) };
  }

  private async parts(line: Parameters<typeof readParts>[1]): Promise<Uint8Array[] | undefined> {
    try {
      return await readParts(this.connection, line);
    } catch (error) {
      if (error instanceof UnreadableLineError) return undefined; // the preview is what can be searched
      throw error;
    }
  }
}
