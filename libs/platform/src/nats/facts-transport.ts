import { jetstream, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { BaseRpcContext, Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { factsStreamName, partitionFilter } from '@telltale/contracts';
import { lastValueFrom } from 'rxjs';
import { PartitionQueue } from './partition-queue';
import { Semaphore } from './semaphore';

/** Handlers of the log carry this transport id: `@EventPattern<string>(factsPattern, factsTransportId)`. */
export const factsTransportId = Symbol('telltale-facts');
export const factsPattern = 'telltale.facts';

/** One message of the FACTS stream, as it lies in the log. */
export interface FactMessage {
  readonly subject: string;
  /** Stream sequence. */
  readonly sequence: number;
  /** The broker's time, epoch milliseconds with fraction. */
  readonly time: number;
  readonly body: Uint8Array;
  /** A header's value, undefined where it is not there. */
  header(name: string): string | undefined;
}

/** What a handler gets beside the facts: consecutive facts of one partition, in order. */
export class FactsContext extends BaseRpcContext<[number, number]> {
  constructor(partition: number, remaining: number) {
    super([partition, remaining]);
  }
  get partition(): number {
    return this.getArgs()[0];
  }
  /** Facts of this partition that wait behind this batch. */
  get remaining(): number {
    return this.getArgs()[1];
  }
}

export interface FactsTransportOptions {
  readonly connection: NatsConnection;
  /** Called once the application listens: attach partitions from here on. */
  readonly onListen: (transport: FactsTransport) => void | Promise<void>;
  /** Called before the application closes, while partitions still can be detached; none can be attached any more. */
  readonly onClose: (transport: FactsTransport) => void | Promise<void>;
  /** A handler failed or the log could not be read: the partition was detached, nothing after it was handled. */
  readonly onFailure: (partition: number, error: unknown) => void;
  /** Called for every fact read, and where a partition is not read any more: {@link FactsTransport.lagBytes} may be another. */
  readonly onLag?: () => void;
}

interface Attached {
  readonly done: Promise<void>;
  readonly stop: () => void;
}

// What waits in memory is bounded: 16 partitions × (16 messages pulled + 2 MiB queued).
const pulledMessages = 16;

// A backlog's batches are handled a few at once: more would cost memory, and gain nothing. Live facts never wait behind
// them, nor for each other: whoever handles them may put those of several partitions together.
const heavyBytes = 128 * 1024;
const heavyAtOnce = 3;

/**
 * Nest transport for the log. Every attached partition is read in order by an ordered consumer from the sequence
 * its owner knows; the handler gets what has arrived as one batch, and the next batch only after it returned.
 * There are no acks: the handler keeps the checkpoint. Who reads which partition is decided outside.
 */
export class FactsTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = factsTransportId;
  override readonly propagatesEventHandlerErrors = true;
  private readonly heavy = new Semaphore(heavyAtOnce);
  private readonly attached = new Map<number, Attached>();
  private readonly pending = new Map<number, { messages: number; averageBytes: number }>();
  private closing = false;

  constructor(private readonly options: FactsTransportOptions) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    Promise.resolve(this.options.onListen(this)).then(() => callback(), callback);
  }

  async close(): Promise<void> {
    this.closing = true;
    await this.options.onClose(this);
    await Promise.all([...this.attached.keys()].map((partition) => this.detach(partition)));
  }

  on(): never {
    throw new Error('the facts transport emits no events');
  }

  unwrap<T>(): T {
    return this.options.connection as T;
  }

  /** Starts to read a partition after the given sequence. */
  attach(partition: number, afterSequence: number): void {
    if (this.closing || this.attached.has(partition)) return;
    const queue = new PartitionQueue<FactMessage>();
    const stopped = new AbortController();
    const done = this.run(partition, afterSequence, { queue, signal: stopped.signal }).catch(
      (error: unknown) => {
        // Detached on purpose: a later attachment of the same partition is not ours to end.
        if (stopped.signal.aborted) return;
        this.attached.delete(partition);
        this.forgetLag(partition);
        this.options.onFailure(partition, error);
      },
    );
    this.attached.set(partition, {
      done,
      stop: () => {
        stopped.abort();
        queue.close();
      },
    });
  }

  /** Resolves once the batch under way has been handled; nothing is handled after it. */
  async detach(partition: number): Promise<void> {
    const attached = this.attached.get(partition);
    if (attached === undefined) return;
    this.attached.delete(partition);
    this.forgetLag(partition);
    attached.stop();
    await attached.done;
  }

  /** Bytes that wait in the log for the attached partitions: messages waiting × the size seen of late. */
  get lagBytes(): number {
    let bytes = 0;
    for (const { messages, averageBytes } of this.pending.values()) bytes += messages * averageBytes;
    return bytes;
  }

  private async run(
    partition: number,
    afterSequence: number,
    life: { queue: PartitionQueue<FactMessage>; signal: AbortSignal },
  ): Promise<void> {
    const consumer = await jetstream(this.options.connection).consumers.get(factsStreamName, {
      filter_subjects: [partitionFilter(partition)],
      opt_start_seq: afterSequence + 1,
      deliver_policy: 'by_start_sequence',
    });
    // Detached while the consumer was made: nothing would ever wake the reader.
    if (life.signal.aborted) return;
    const messages = await consumer.consume({ max_messages: pulledMessages });
    life.signal.addEventListener('abort', () => void messages.close());
    try {
      if (life.signal.aborted) return;
      await Promise.all([this.read(partition, messages, life.queue), this.handle(partition, life.queue)]);
      if (!life.signal.aborted) throw new Error('the log gave no more messages');
    } finally {
      life.queue.close();
      await messages.close();
    }
  }

  private async read(
    partition: number,
    messages: ConsumerMessages,
    queue: PartitionQueue<FactMessage>,
  ): Promise<void> {
    for await (const message of messages) {
      this.note(partition, message);
      await queue.push(factMessage(message), message.data.length);
      if (queue.closed) return;
    }
    queue.close();
  }

  private async handle(partition: number, queue: PartitionQueue<FactMessage>): Promise<void> {
    const handler = this.getHandlerByPattern(factsPattern);
    if (handler === null) throw new Error(`no handler for ${factsPattern}`);
    try {
      for (;;) {
        if (!(await queue.ready())) return;
        const handled = async () => {
          const batch = queue.take();
          if (batch.length === 0) return;
          const waiting = (this.pending.get(partition)?.messages ?? 0) + queue.length;
          const result: unknown = await handler(batch, new FactsContext(partition, waiting));
          await lastValueFrom(this.transformToObservable(result), { defaultValue: undefined });
        };
        // What arrives while it waits for its turn goes along.
        await (queue.waitingBytes < heavyBytes ? handled() : this.heavy.run(handled));
      }
    } finally {
      queue.close();
    }
  }

  private note(partition: number, message: JsMsg): void {
    const known = this.pending.get(partition);
    const size = message.data.length;
    const averageBytes = known === undefined ? size : known.averageBytes * 0.9 + size * 0.1;
    this.pending.set(partition, { messages: message.info.pending, averageBytes });
    this.options.onLag?.();
  }

  private forgetLag(partition: number): void {
    if (this.pending.delete(partition)) this.options.onLag?.();
  }
}

function factMessage(message: JsMsg): FactMessage {
  const { headers } = message;
  return {
    subject: message.subject,
    sequence: message.seq,
    time: message.info.timestampNanos / 1e6,
    body: message.data,
    header: (name) => (headers?.has(name) ? headers.get(name) : undefined),
  };
}
