import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { backlogLagLimitBytes, ingestLagSchema, ingestLagSubject } from '@telltale/contracts';

/** Ingest has not said anything for this long. */
const defaultSilenceMs = 10_000;
/** What is let through each time silence lasted that long. */
const trickleBytes = 8 * 1024 * 1024;

/**
 * Says whether the backlog may be published: while ingest lags less than the limit.
 *
 * The lag is what ingest said last plus what this watcher has published since: exact enough between two of its
 * words, and bounded without any. Where ingest is silent (not there, or its word was lost, for it speaks at most
 * once) the backlog does not stop for good: the log is durable and files may be deleted before ingest comes, so
 * a little goes through every ten seconds; but live facts that ingest will meet behind it must not wait for all of it.
 */
export class BacklogGate {
  private lagBytes = 0;
  private heardAt = Date.now();
  private subscription: Subscription | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** @param onOpen called when it may have opened */
  constructor(
    private readonly onOpen: () => void,
    private readonly limitBytes = backlogLagLimitBytes,
    private readonly silenceMs = defaultSilenceMs,
  ) {}

  listen(connection: NatsConnection): void {
    const callback = (error: Error | null, message: { json(): unknown }) => {
      if (error) return;
      const lag = ingestLagSchema.safeParse(parsed(message));
      if (lag.success) this.hear(lag.data.lagBytes);
    };
    this.subscription = connection.subscribe(ingestLagSubject, { callback });
    this.timer = setInterval(() => this.afterSilence(Date.now()), 1000);
  }

  /** @param bytesUnderWay facts that are on their way to the log */
  isOpen(bytesUnderWay = 0): boolean {
    return this.lagBytes + bytesUnderWay < this.limitBytes;
  }

  /** Ingest says how many bytes it lags behind the log. */
  hear(lagBytes: number): void {
    this.lagBytes = lagBytes;
    this.heardAt = Date.now();
    if (this.isOpen()) this.onOpen();
  }

  /** Bytes of this watcher are in the log now, live or not. */
  published(bytes: number): void {
    this.lagBytes += bytes;
  }

  /** @param now epoch milliseconds */
  afterSilence(now: number): void {
    if (this.isOpen() || now - this.heardAt < this.silenceMs) return;
    this.heardAt = now;
    this.lagBytes = Math.max(0, this.limitBytes - trickleBytes);
    this.onOpen();
  }

  close(): void {
    this.subscription?.unsubscribe();
    clearInterval(this.timer);
  }
}

function parsed(message: { json(): unknown }): unknown {
  try {
    return message.json();
  } catch {
    return undefined; // not JSON: somebody else's message
  }
}
