import { jetstream, jetstreamManager, type JetStreamClient } from '@nats-io/jetstream';
import { headers as natsHeaders, type NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable } from '@nestjs/common';
import {
  factHeaders,
  factsStreamName,
  factSubject,
  partitionOf,
  pushedSessionId,
  stableHash,
  type FactType,
  pushLimits,
} from '@telltale/contracts';
import { isWrongLastSequence, type Logger } from '@telltale/platform';
import { LRUCache } from 'lru-cache';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { GatewayConfig } from '../config';
import { CLOCK, CONFIG, LOGGER, NATS, type Clock } from '../connections';
import { problem, ProblemException } from '../problems/problem';
import { sessionGone } from './session-gone';
import { tooLarge } from '../requests/read-body';
import { Lanes } from './lanes';
import { beginning, headOf, type PushHead } from './push-head';
import type { PushedFact } from './push-lines';

/** How long a request waits for the log before it is told that the log is away. */
const patienceMs = 5000;
/** Of one try: an answer that was lost is noticed early enough to try again. */
const answerMs = 1500;
/** The broker takes a mebibyte, headers included. */
const mostFactBytes = 900 * 1024;
/** Each holds its request in memory while the log is away. */
const mostUnderWay = 256;
/** Heads that are remembered, so that a session's next fact needs no look at the log. */
const rememberedHeads = 10_000;

const deletedType: FactType = 'telltale.session.deleted.v1';

/** Writes pushed facts to the log, each on top of its session's last one, and answers once it is there. */
@Injectable()
export class PushLog {
  private readonly client: JetStreamClient;
  private readonly heads = new LRUCache<string, PushHead>({ max: rememberedHeads });
  private readonly lanes = new Lanes();
  private underWay = 0;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.client = jetstream(nats);
  }

  /**
   * Resolves once the fact is in the log.
   *
   * @param nativeId the client's id of the session
   * @throws ProblemException 410 where the session was deleted for good; 413; 503 where the log did not answer in time:
   *   whether it holds the fact is not known
   */
  append(nativeId: string, fact: PushedFact): Promise<void> {
    return this.appendTo(pushedSessionId(nativeId), fact);
  }

  /** The same for a subject of its own. @param path what stands in place of a file's path */
  async appendTo(path: string, fact: PushedFact): Promise<void> {
    if (this.underWay >= mostUnderWay)
      throw away('Too many requests wait for the log (NATS). Nothing was taken.');
    const arrived = performance.now();
    this.underWay++;
    try {
      await this.lanes.run(path, () => this.publish(path, fact, arrived));
    } finally {
      this.underWay--;
    }
  }

  /** Whether anything was pushed into this session by way of this host. @throws ProblemException 503 */
  async holds(nativeId: string): Promise<boolean> {
    const path = pushedSessionId(nativeId);
    if (this.heads.has(path)) return true;
    const until = performance.now() + patienceMs;
    return this.untilAnswered(path, until, async () => (await this.readHead(path)).sequence > 0);
  }

  private async publish(path: string, fact: PushedFact, arrived: number): Promise<void> {
    const seen = performance.timeOrigin + arrived;
    const sent = new Set<string>();
    await this.untilAnswered(path, arrived + patienceMs, async () => {
      // A command goes by what the log says now, not by what is remembered.
      const known = fact.type === deletedType ? undefined : this.heads.get(path);
      const head = known ?? (await this.readHead(path));
      if (head.deleted) {
        this.remember(path, head);
        if (fact.type === deletedType) return;
        throw sessionGone(path);
      }
      // A try whose answer was lost is there after all.
      if (!sent.has(head.factId)) this.remember(path, await this.tryOn(head, { path, fact, seen, sent }));
    });
  }

  /** @returns the session's new head */
  private async tryOn(
    head: PushHead,
    { path, fact, seen, sent }: { path: string; fact: PushedFact; seen: number; sent: Set<string> },
  ): Promise<PushHead> {
    const at = await this.timeAfter(head);
    const time = new Date(at).toISOString();
    const body = Buffer.from(
      fact
        .lines(time)
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
    );
    if (body.length > mostFactBytes) throw tooLarge(pushLimits.bodyBytes);
    const { generation, to: from } = head;
    const id = randomUUID();
    const place = { generation, from, to: from + body.length };
    const event = natsHeaders();
    const attributes = { specversion: '1.0' as const, id, source: '/gateway', type: fact.type, time, path };
    for (const [name, value] of factHeaders({ ...attributes, ...place, seen })) event.set(name, value);
    sent.add(id);
    const ack = await this.client.publish(this.subjectOf(path), body, {
      headers: event,
      expect: { lastSubjectSequence: head.sequence, streamName: factsStreamName },
      timeout: answerMs,
    });
    return {
      sequence: ack.seq,
      factId: id,
      generation,
      to: place.to,
      at,
      deleted: fact.type === deletedType,
    };
  }

  /**
   * Times of a session rise from fact to fact, whichever replica writes it: what comes after an end is later than it.
   * Epoch milliseconds.
   */
  private async timeAfter(head: PushHead): Promise<number> {
    const now = this.now();
    if (head.at < now) return now;
    // The log's own clock bounds what is believed: let it pass, unless it is another replica's clock that is ahead.
    await delay(Math.min(head.at + 1 - now, 5));
    return head.at + 1;
  }

  private async readHead(path: string): Promise<PushHead> {
    const { direct } = await jetstreamManager(this.nats, { checkAPI: false, timeout: answerMs });
    const query = { last_by_subj: this.subjectOf(path) };
    const message = await direct.getMessage(factsStreamName, query);
    return message ? headOf(path, message.seq, (name) => message.header.get(name)) : beginning();
  }

  /** Tries until it succeeds or time is up. */
  private async untilAnswered<T>(path: string, until: number, attempt: () => Promise<T>): Promise<T> {
    let reason: unknown;
    for (let tries = 0; performance.now() < until; tries++) {
      try {
        return await attempt();
      } catch (error) {
        if (error instanceof ProblemException) throw error;
        this.forget(path, error);
        reason = error;
        const left = until - performance.now();
        await delay(Math.max(0, Math.min(pauseAfter(error, tries), left)));
      }
    }
    this.logger.error('the log did not take what was pushed', { error: reason });
    throw away(
      'The log (NATS) does not answer, so it is not known whether this was taken. ' +
        'Send it again with the same idempotency keys.',
    );
  }

  private subjectOf(path: string): string {
    return factSubject({
      partition: partitionOf(path),
      source: 'push',
      host: this.config.hostName,
      file: stableHash(path),
    });
  }

  /**
   * Somebody else's fact was there first, or nothing is known: what the log holds is read anew. A log that stands still
   * is asked that small question first by everybody: what it is sent instead would heap up in memory.
   */
  private forget(path: string, error: unknown): void {
    if (isWrongLastSequence(error)) this.heads.delete(path);
    else this.heads.clear();
  }

  private remember(path: string, head: PushHead): void {
    this.heads.set(path, head);
  }
}

function away(detail: string): ProblemException {
  return new ProblemException(problem(503, detail), { 'retry-after': '2' });
}

/**
 * After a conflict the next try has a good chance; the head may come from a server that lags behind a little. There are
 * no more rivals than replicas: who waits for long only lets a busy one go ahead for ever.
 */
function pauseAfter(error: unknown, tries: number): number {
  return isWrongLastSequence(error)
    ? Math.min(2 ** tries - 1, 15) * Math.random()
    : Math.min(25 * 2 ** tries, 500);
}
