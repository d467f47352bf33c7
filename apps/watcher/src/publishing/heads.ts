import { setTimeout as delay } from 'node:timers/promises';
import { AckPolicy, DeliverPolicy, jetstreamManager } from '@nats-io/jetstream';
import { createInbox, nanos, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { factsStreamName, hostFilter } from '@telltale/contracts';
import { inboxPrefixes, type Logger } from '@telltale/platform';
import { headOf, type Head } from './head';

/** No message for this long, and not all of them there: the reading starts again. */
const stallMs = 5000;

/** The reading of the heads stopped short of their count. */
class IncompleteHeadsError extends Error {
  override readonly name = 'IncompleteHeadsError';
}

export interface HeadsRequest {
  readonly connection: NatsConnection;
  readonly host: string;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/**
 * The last fact of each of a host's subjects: all that a watcher remembers. Tries until the log answers.
 *
 * The server pushes them to an inbox of ours: a watcher may create a consumer over its own subjects and read
 * its own inbox, and needs no right to pull from consumers, which are not bound to a host. Headers only, some
 * 600 bytes a head; nothing is acked, and each one's number and what is pending behind it prove that none is missing.
 *
 * @throws the signal's reason
 */
export async function readHeads({
  connection,
  host,
  signal,
  logger,
}: HeadsRequest): Promise<Map<string, Head>> {
  for (let attempt = 0; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await readOnce(connection, host);
    } catch (error) {
      // The stream may not have been made yet, the broker be away, a message be lost: all heal by reading again.
      if (attempt % 20 === 0)
        logger.info('waiting for the log', {
          problem: error instanceof Error ? error.message : String(error),
        });
      await delay(Math.min(2000, 50 * 2 ** Math.min(attempt, 6)));
    }
  }
}

async function readOnce(connection: NatsConnection, host: string): Promise<Map<string, Head>> {
  const inbox = createInbox(inboxPrefixes.watcher(host));
  const subscription = connection.subscribe(inbox);
  try {
    const manager = await jetstreamManager(connection, { checkAPI: false });
    const consumer = await manager.consumers.add(factsStreamName, {
      name: `heads-${inbox.split('.').at(-1)}`,
      deliver_subject: inbox,
      deliver_policy: DeliverPolicy.LastPerSubject,
      filter_subject: hostFilter(host),
      headers_only: true,
      ack_policy: AckPolicy.None,
      mem_storage: true,
      num_replicas: 1,
      inactive_threshold: nanos(10_000),
    });
    const isEmpty = consumer.num_pending === 0 && consumer.delivered.consumer_seq === 0;
    return isEmpty ? new Map() : await collect(subscription);
  } finally {
    subscription.unsubscribe(); // the server drops a consumer that nobody listens to
  }
}

async function collect(subscription: Subscription): Promise<Map<string, Head>> {
  const heads = new Map<string, Head>();
  let count = 0;
  let last = Date.now();
  const stall = setInterval(() => Date.now() - last > stallMs && subscription.unsubscribe(), stallMs / 5);
  try {
    for await (const message of subscription) {
      const delivery = deliveryOf(message.reply);
      if (!delivery) continue; // no fact: a status of the server's
      last = Date.now();
      count += 1;
      if (delivery.number !== count)
        throw new IncompleteHeadsError(`a head is missing before number ${count}`);
      const lookup = (name: string) => message.headers?.get(name);
      heads.set(message.subject, headOf(message.subject, delivery.sequence, lookup));
      if (delivery.pending === 0) return heads;
    }
    throw new IncompleteHeadsError(`the heads stopped after ${count}`);
  } finally {
    clearInterval(stall);
  }
}

/**
 * What JetStream says of a delivery in its reply subject: `$JS.ACK.<stream>.<consumer>.<times>.<sequence>.<number>.<time>.<pending>`,
 * with `<domain>.<account>` before the stream and a random token at the end in the newer form.
 */
function deliveryOf(
  reply: string | undefined,
): { sequence: number; number: number; pending: number } | undefined {
  const tokens = reply?.split('.') ?? [];
  if (tokens[0] !== '$JS' || tokens[1] !== 'ACK') return undefined;
  const [sequence, number, , pending] = tokens.slice(tokens.length === 9 ? 5 : 7).map(Number);
  if (sequence === undefined || number === undefined || pending === undefined) return undefined;
  return { sequence, number, pending };
}
