import { jetstreamManager, type JetStreamManager, type StoredMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable } from '@nestjs/common';
import {
  factsStreamName,
  parseFactHeaders,
  parseFactSubject,
  type FactAttributes,
  type Source,
} from '@telltale/contracts';
import type { Logger } from '@telltale/platform';
import { LOGGER, NATS } from '../connections';
import { ByteCache } from './byte-cache';
import { lineInBody } from './line-in-body';

/** Bodies of facts that were read lately. */
const cacheBytes = 32 * 1024 * 1024;
/** A line longer than this is shown by its preview: one reader must not take the memory of all. */
const longestLineBytes = 16 * 1024 * 1024;

export interface LogLine {
  readonly source: Source;
  readonly text: string;
}

interface ReadFact {
  readonly attributes: FactAttributes;
  readonly subject: string;
  readonly tool: Source;
  readonly body: Uint8Array;
  readonly byteLength: number;
}

/** Reads lines back from the log, where the full text of everything stands. */
@Injectable()
export class LogReader {
  private manager: Promise<JetStreamManager> | undefined;
  private readonly facts = new ByteCache<number, ReadFact>(cacheBytes);
  private readonly underWay = new Map<number, Promise<ReadFact | undefined>>();

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Undefined where the log no longer holds it, does not answer, or the line is too long to be read at once. */
  async line(sequence: number, index: number): Promise<LogLine | undefined> {
    try {
      const fact = await this.fact(sequence);
      if (!fact) return undefined;
      const body = fact.attributes.part ? await this.joined(fact, sequence) : fact.body;
      const text = body && lineInBody(body, index);
      return text === undefined ? undefined : { source: fact.tool, text };
    } catch (error) {
      // The reader of a text gets its preview instead; that the log is away is told by /readyz.
      this.logger.debug('a line could not be read from the log', { sequence, error });
      return undefined;
    }
  }

  private async fact(sequence: number): Promise<ReadFact | undefined> {
    const known = this.facts.get(sequence);
    if (known) return known;
    const reading = this.underWay.get(sequence) ?? this.read(sequence);
    this.underWay.set(sequence, reading);
    try {
      const fact = await reading;
      if (fact) this.facts.set(sequence, fact);
      return fact;
    } finally {
      this.underWay.delete(sequence);
    }
  }

  private async read(sequence: number): Promise<ReadFact | undefined> {
    return factOf(await (await this.direct()).getMessage(factsStreamName, { seq: sequence }));
  }

  /** A line that came in parts: `sequence` is that of the first, the others follow on the same subject. */
  private async joined(first: ReadFact, sequence: number): Promise<Uint8Array | undefined> {
    const { part: place, generation } = first.attributes;
    const count = place?.n ?? 1;
    if (place?.k !== 1 || count * first.body.byteLength > longestLineBytes) return undefined;
    const direct = await this.direct();
    const parts = [first.body];
    let next = sequence + 1;
    while (parts.length < count) {
      const message = await direct.getMessage(factsStreamName, { seq: next, next_by_subj: first.subject });
      const part = factOf(message);
      if (!message || !part || !follows(part.attributes, { k: parts.length + 1, generation }))
        return undefined;
      parts.push(part.body);
      next = message.seq + 1;
    }
    return Buffer.concat(parts);
  }

  private async direct() {
    this.manager ??= jetstreamManager(this.nats, { checkAPI: false }).catch((error: unknown) => {
      this.manager = undefined;
      throw error;
    });
    return (await this.manager).direct;
  }
}

function follows(part: FactAttributes, expected: { k: number; generation: string }): boolean {
  return part.generation === expected.generation && part.part?.k === expected.k;
}

function factOf(message: StoredMsg | null): ReadFact | undefined {
  if (message === null) return undefined;
  const subject = parseFactSubject(message.subject);
  const headers = parseFactHeaders((name) => message.header.get(name));
  if (!subject || !headers.ok) return undefined;
  const body = message.data;
  return {
    attributes: headers.attributes,
    tool: subject.source,
    subject: message.subject,
    body,
    byteLength: body.byteLength,
  };
}
