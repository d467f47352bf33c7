import { AckPolicy, DeliverPolicy, jetstreamManager } from '@nats-io/jetstream';
import { nanos, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import {
  factsStreamName,
  headsRequestSchema,
  headsRequestSubjects,
  headsSubject,
  hostFilter,
  parseHeadsRequestSubject,
  stableHash,
  type HeadsAnswer,
} from '@telltale/contracts';
import type { Logger } from '../logs/logger';

/** Where nobody listens to a reading any more, the server forgets it after this time. */
const forgottenMs = 10_000;
/** Readings of one host within that time: it has one watcher, or two while one takes over. */
const mostReadings = 8;
/**
 * Readings of one host that the server keeps at all: it forgets none that somebody listens to. By their names, so that
 * it holds for all replicas together, and after a restart. Two that fall on one place disturb each other, and are read again.
 */
const places = 16;

/**
 * Tells watchers the heads of their hosts: has the server deliver them, headers only, to a subject that only the host's
 * watcher hears. A watcher may not do that by itself, since it could have the server deliver to any subject.
 */
export class HeadsTeller {
  private readonly readings = new Map<string, number>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private requests: Subscription | undefined;
  private quietUntil = 0;

  constructor(
    private readonly connection: NatsConnection,
    private readonly logger: Logger,
  ) {}

  /** One replica answers each request. */
  start(): void {
    this.requests = this.connection.subscribe(headsRequestSubjects, {
      queue: 'heads',
      callback: (error, message) => void (error === null && this.answer(message)),
    });
  }

  stop(): void {
    this.requests?.unsubscribe();
    for (const timer of this.timers) clearTimeout(timer);
  }

  private async answer(message: Msg): Promise<void> {
    const answer = await this.tell(message).catch((error: unknown) => ({
      problem: error instanceof Error ? error.message : String(error),
    }));
    if ('problem' in answer) this.note(message, answer.problem);
    try {
      message.respond(JSON.stringify(answer));
    } catch {
      // The connection was closed meanwhile: who asked is told by whoever is there next.
    }
  }

  private async tell(message: Msg): Promise<HeadsAnswer> {
    const host = parseHeadsRequestSubject(message.subject);
    const request = headsRequestSchema.safeParse(parsed(message));
    if (host === undefined || !request.success) return { problem: 'the request cannot be read' };
    if (!this.count(host)) return { problem: 'too many readings at once' };
    const { reading } = request.data;
    const { consumers } = await jetstreamManager(this.connection, { checkAPI: false });
    const name = `heads-${stableHash(host)}-${Number.parseInt(stableHash(reading).slice(0, 8), 16) % places}`;
    await consumers.delete(factsStreamName, name).catch(() => undefined); // most often there is none
    const { num_pending: pending, delivered } = await consumers.add(factsStreamName, {
      name,
      deliver_subject: headsSubject(host, reading),
      deliver_policy: DeliverPolicy.LastPerSubject,
      filter_subject: hostFilter(host),
      headers_only: true,
      ack_policy: AckPolicy.None,
      mem_storage: true,
      num_replicas: 1,
      inactive_threshold: nanos(forgottenMs),
    });
    return { heads: pending + delivered.consumer_seq };
  }

  /** Whoever asks on and on fills no log. */
  private note({ subject }: Msg, problem: string): void {
    if (Date.now() < this.quietUntil) return;
    this.quietUntil = Date.now() + forgottenMs;
    this.logger.info('no heads are told', { subject, problem });
  }

  private count(host: string): boolean {
    const count = this.readings.get(host) ?? 0;
    if (count >= mostReadings) return false;
    this.readings.set(host, count + 1);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      const left = (this.readings.get(host) ?? 1) - 1;
      if (left > 0) this.readings.set(host, left);
      else this.readings.delete(host);
    }, forgottenMs).unref();
    this.timers.add(timer);
    return true;
  }
}

function parsed(message: Msg): unknown {
  try {
    return message.json();
  } catch {
    return undefined; // not JSON
  }
}
