import type { StoredMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable } from '@nestjs/common';
import {
  bodyLines,
  factKindOf,
  factsStreamName,
  parseFactHeaders,
  parseFactSubject,
} from '@telltale/contracts';
import type { FileFact, LogPlace, Whereabouts } from '@telltale/domain';
import { StreamAccess } from '@telltale/platform';
import { NATS } from '../connections';

/** What one request to the log brings at most. */
const batch = { batch: 256, max_bytes: 4 * 1024 * 1024 };
/** A log that says nothing for so long says nothing more. */
const silenceMs = 5_000;

export interface FactRange {
  readonly subject: string;
  /** Sequences: facts after the first, up to and with the second. */
  readonly after: number;
  readonly upTo: number;
}

/** The log did not answer, or not to its end. */
export class LogSilentError extends Error {
  override readonly name = 'LogSilentError';
}

/** Reads facts back from the log in their order. */
@Injectable()
export class FactHistory {
  private readonly access: StreamAccess;
  private batches = true;

  constructor(@Inject(NATS) nats: NatsConnection) {
    this.access = new StreamAccess(nats);
  }

  /** Facts of one file, as many at once as one request brings. @throws LogSilentError */
  async *of({ subject, after, upTo }: FactRange, signal: AbortSignal): AsyncGenerator<FileFact[]> {
    for (let next = after + 1; next <= upTo;) {
      signal.throwIfAborted();
      const messages = await this.some(subject, next);
      const last = messages.at(-1);
      if (last === undefined) return;
      next = last.seq + 1;
      yield messages.filter(({ seq }) => seq <= upTo).flatMap(factsOf);
    }
  }

  /** The subject a fact was published under; undefined where the log no longer holds it. @throws LogSilentError */
  async subjectOf(sequence: number): Promise<string | undefined> {
    return (await this.one({ seq: sequence }))?.subject;
  }

  /** Where a line of the log stands in its file; undefined where the log no longer holds it. @throws LogSilentError */
  async whereabouts({ sequence, line }: LogPlace): Promise<Whereabouts | undefined> {
    const message = await this.one({ seq: sequence });
    const [fact] = message === null ? [] : factsOf(message);
    if (message === null || fact === undefined) return undefined;
    const { attributes, kind, body } = fact;
    const { part, path, generation } = attributes;
    const found = Array.from(bodyLines(body)).find((one) => one.line === line);
    const host = parseFactSubject(message.subject)?.host;
    if (found === undefined || host === undefined) return undefined;
    const place = { sequence, line, offset: attributes.from + found.offset };
    // Of a line in parts this is the first: where it ends is not read for this.
    const bytes = part === undefined ? found.bytes : null;
    return { place, bytes, kind, generation, file: { host, path, generation } };
  }

  private async some(subject: string, next: number): Promise<StoredMsg[]> {
    if (this.batches) {
      const messages = await this.many(subject, next);
      if (messages !== undefined) return messages;
      this.batches = false; // a server before 2.11: fact by fact
    }
    const message = await this.one({ seq: next, next_by_subj: subject });
    return message === null ? [] : [message];
  }

  private async one(query: { seq: number; next_by_subj?: string }): Promise<StoredMsg | null> {
    try {
      return await (await this.direct()).getMessage(factsStreamName, query);
    } catch (error) {
      throw new LogSilentError('the log does not answer', { cause: error });
    }
  }

  /** Undefined where the server cannot answer with more than one message. */
  private async many(subject: string, next: number): Promise<StoredMsg[] | undefined> {
    const direct = await this.direct();
    const messages: StoredMsg[] = [];
    return new Promise((done, fail) => {
      const silent = () => fail(new LogSilentError('the log does not answer'));
      let timer = setTimeout(silent, silenceMs);
      const end = (error?: Error) => {
        clearTimeout(timer);
        if (error === undefined || isNoMore(error)) done(messages);
        else fail(new LogSilentError('the log cannot be read', { cause: error }));
      };
      direct
        .getBatch(factsStreamName, {
          ...batch,
          seq: next,
          next_by_subj: subject,
          callback: (ended, message) => {
            if (ended !== null) return end(ended.err);
            clearTimeout(timer);
            timer = setTimeout(silent, silenceMs);
            messages.push(message);
          },
        })
        .catch(() => {
          clearTimeout(timer);
          done(undefined);
        });
    });
  }

  private async direct() {
    try {
      return (await this.access.manager()).direct;
    } catch (error) {
      throw new LogSilentError('the log does not answer', { cause: error });
    }
  }
}

/** The subject has no message from there on. */
function isNoMore(error: Error): boolean {
  return 'code' in error && error.code === 404;
}

/** None where it is not one of ours, or of a kind that tells of no file. */
function factsOf({ subject, seq, time, header, data }: StoredMsg): FileFact[] {
  const headers = parseFactHeaders((name) => (header.has(name) ? header.get(name) : undefined));
  const kind = headers.ok ? factKindOf(headers.attributes.type) : undefined;
  if (!headers.ok || kind === undefined || kind === 'session.deleted') return [];
  if (parseFactSubject(subject) === undefined) return [];
  return [
    {
      sequence: seq,
      time: time.getTime(),
      kind,
      attributes: headers.attributes,
      body: Buffer.from(data.buffer, data.byteOffset, data.length),
    },
  ];
}
