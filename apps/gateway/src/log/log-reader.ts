import { jetstreamManager, type JetStreamManager, type StoredMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable, Optional } from '@nestjs/common';
import {
  factsStreamName,
  parseFactHeaders,
  parseFactSubject,
  type FactAttributes,
  type Source,
} from '@telltale/contracts';
import type { Logger } from '@telltale/platform';
import { LOGGER, NATS } from '../connections';
import { DeletedSessions } from '../deleting/deleted-sessions';
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
  private readonly facts: ByteCache<number, ReadFact>;
  private readonly underWay = new Map<number, Promise<ReadFact | undefined>>();
  private forgotten = 0;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(LOGGER) private readonly logger: Logger,
    deleted: DeletedSessions,
    @Optional() keptBytes: number = cacheBytes,
  ) {
    this.facts = new ByteCache(keptBytes);
    // Which facts told of the session is not known here: what is read again costs little.
    deleted.hear(() => this.forget());
  }

  private forget(): void {
    this.facts.clear();
    this.forgotten += 1;
  }

  /** Undefined where the log no longer holds it, does not answer, or the line is too long to be read at once. */
  async line(sequence: number, index: number): Promise<LogLine | undefined> {
    try {
      return await this.lineOrThrow(sequence, index);
    } catch (error) {
      // The reader of a text gets its preview instead; that the log is away is told by /readyz.
      this.logger.debug('a line could not be read from the log', { sequence, error });
      return undefined;
    }
  }

  /** The same for whom a preview will not do. @throws what NATS throws where it does not answer */
  protected async lineOrThrow(sequence: number, index: number): Promise<LogLine | undefined> {
    const fact = await this.fact(sequence);
    if (!fact) return undefined;
    const body = fact.attributes.part ? await this.joined(fact, sequence) : fact.body;
    const text = body && lineInBody(body, index);
    return text === undefined ? undefined : { source: fact.tool, text };
  }

  private async fact(sequence: number): Promise<ReadFact | undefined> {
    const known = this.facts.get(sequence);
    if (known) return known;
    const reading = this.underWay.get(sequence) ?? this.read(sequence);
    this.underWay.set(sequence, reading);
    const { forgotten } = this;
    try {
      const fact = await reading;
      // What was read before a session was deleted is not kept after it.
      if (fact && forgotten === this.forgotten) this.facts.set(sequence, fact);
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
  const body = message.data.slice(); // the client's buffer around it may be three times as long
  return {
    attributes: headers.attributes,
    tool: subject.source,
    subject: message.subject,
    body,
    byteLength: body.byteLength,
  };
}
