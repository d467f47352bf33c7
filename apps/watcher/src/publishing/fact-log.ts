import { setTimeout as delay } from 'node:timers/promises';
import { jetstream, jetstreamManager, type JetStreamClient } from '@nats-io/jetstream';
import { headers as natsHeaders, type NatsConnection } from '@nats-io/transport-node';
import { factsStreamName } from '@telltale/contracts';
import { isWrongLastSequence, type Logger } from '@telltale/platform';
import { headOf, type Head } from './head';

export interface FactToAppend {
  readonly subject: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
  /** Sequence of the subject's last fact, 0 for none: the log refuses the fact where this is not so. */
  readonly expectedSequence: number;
  /** The stream of its subject; FACTS where nothing is said. */
  readonly stream?: string;
}

export type Appended =
  | { readonly kind: 'stored'; readonly sequence: number }
  /** The subject's last fact is another one: ours, of an earlier try whose answer got lost, or another watcher's. */
  | { readonly kind: 'conflict' }
  /** The program ends; whether the fact is in the log is not known. The next start finds out. */
  | { readonly kind: 'stopped' };

const ackTimeoutMs = 5000;
const longestPauseMs = 2000;

/** The connection broke, or the program ends, while an answer was awaited. */
class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** Appends facts to the log with compare-and-set, and waits for ever where the broker is away. */
export class FactLog {
  private readonly client: JetStreamClient;
  private readonly interrupts = new Set<() => void>();
  private reachable: Promise<void> | undefined;
  private connected = true;
  private lastProblem = '';

  constructor(
    private readonly connection: NatsConnection,
    private readonly signal: AbortSignal,
    private readonly logger: Logger,
  ) {
    this.client = jetstream(connection);
    signal.addEventListener('abort', () => this.interrupt(), { once: true });
    void this.followConnection();
  }

  /** Never rejects. A fact is tried until the log has answered: stored, or not on top of what was expected. */
  async append(fact: FactToAppend): Promise<Appended> {
    for (let attempt = 0; !this.signal.aborted; attempt++) {
      try {
        const ack = await this.interruptible(() => this.send(fact));
        this.lastProblem = '';
        return { kind: 'stored', sequence: ack.seq };
      } catch (error) {
        if (isWrongLastSequence(error)) return { kind: 'conflict' };
        // Anything else says nothing of the fact: same fact, same expectation, until there is an answer.
        this.complain(error);
        await this.pause(attempt);
      }
    }
    return { kind: 'stopped' };
  }

  /** The last fact of a subject. Retries for ever; undefined: there is none (or the program ends: look at the signal). */
  async head(subject: string): Promise<Head | undefined> {
    for (let attempt = 0; !this.signal.aborted; attempt++) {
      try {
        const manager = await jetstreamManager(this.connection, { checkAPI: false });
        const query = { last_by_subj: subject };
        const message = await this.interruptible(() => manager.direct.getMessage(factsStreamName, query));
        return message ? headOf(subject, message.seq, (name) => message.header.get(name)) : undefined;
      } catch (error) {
        this.complain(error);
        await this.pause(attempt);
      }
    }
    return undefined;
  }

  private send(fact: FactToAppend) {
    const headers = natsHeaders();
    for (const [name, value] of fact.headers) headers.set(name, value);
    const streamName = fact.stream ?? factsStreamName;
    const expect = { lastSubjectSequence: fact.expectedSequence, streamName };
    return this.client.publish(fact.subject, fact.body, { headers, expect, timeout: ackTimeoutMs });
  }

  /** An answer cannot come any more once the connection broke: no use in waiting for its timeout. */
  private interruptible<T>(work: () => Promise<T>): Promise<T> {
    // What is sent now would be dropped when the connection is made anew, and answered by a timeout only.
    if (!this.connected) return Promise.reject(new InterruptedError('there is no connection to NATS'));
    return new Promise<T>((resolve, reject) => {
      const interrupt = () => reject(new InterruptedError('the connection to NATS broke'));
      this.interrupts.add(interrupt);
      work()
        .then(resolve, reject)
        .finally(() => this.interrupts.delete(interrupt));
    });
  }

  private async followConnection(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type !== 'disconnect' && status.type !== 'reconnect') continue;
      this.connected = status.type === 'reconnect';
      this.interrupt();
    }
  }

  private interrupt(): void {
    for (const interrupt of [...this.interrupts]) interrupt();
  }

  /**
   * Waits longer from try to try, and until the server answers a ping: what is published to a silent connection
   * would pile up in memory, copy for copy.
   */
  private async pause(attempt: number): Promise<void> {
    const ms = Math.min(longestPauseMs, 25 * 2 ** attempt) * (0.5 + Math.random() / 2);
    await delay(ms, undefined, { signal: this.signal }).catch(() => undefined); // aborted: the caller looks
    this.reachable ??= this.untilReachable().finally(() => (this.reachable = undefined));
    await this.reachable;
  }

  private async untilReachable(): Promise<void> {
    while (!this.signal.aborted && !this.connection.isClosed()) {
      const waiting = new AbortController();
      const signal = AbortSignal.any([waiting.signal, this.signal]);
      const silence = delay(longestPauseMs, false, { signal }).catch(() => false);
      const pong = this.connection.rtt().then(
        () => true,
        () => false,
      );
      const answered = await Promise.race([pong, silence]);
      waiting.abort();
      if (answered) return;
      await delay(100, undefined, { signal: this.signal }).catch(() => undefined); // aborted: the loop looks
    }
  }

  private complain(error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error);
    const kind = problem.replace(/'[^']*'/g, ''); // some name the subject: each file has its own
    if (kind === this.lastProblem || this.signal.aborted) return;
    this.lastProblem = kind;
    this.logger.warn('the log does not answer now; trying again', { problem });
  }
}
