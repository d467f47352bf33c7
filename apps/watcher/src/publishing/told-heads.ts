import { randomUUID } from 'node:crypto';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { headsAnswerSchema, headsRequestSubject, headsSubject, type HeadsRequest } from '@telltale/contracts';
import { headOf, type Head } from './head';

/** Ingest answers at once, or is not there. */
const answerMs = 2000;
/** No message for this long, and not all of them there: the reading starts again. */
const stallMs = 5000;

/** The reading of the heads stopped short of their count. */
export class IncompleteHeadsError extends Error {
  override readonly name = 'IncompleteHeadsError';
}

/** Every head there is, or why nobody tells them. */
export type ToldHeads =
  | { readonly told: true; readonly heads: Map<string, Head> }
  | { readonly told: false; readonly problem: string };

/**
 * The last fact of each of a host's subjects, as ingest has the server deliver them: a watcher may not do that by
 * itself. Headers only, some 600 bytes a head; nothing is acked, and each one's number and what is pending behind it
 * prove that none is missing.
 *
 * @throws IncompleteHeadsError where the server began and did not end
 */
export async function toldHeads(connection: NatsConnection, host: string): Promise<ToldHeads> {
  const reading = randomUUID();
  const subscription = connection.subscribe(headsSubject(host, reading));
  try {
    const answer = await ask(connection, host, { reading });
    if ('problem' in answer) return { told: false, problem: answer.problem };
    return { told: true, heads: answer.heads === 0 ? new Map<string, Head>() : await collect(subscription) };
  } finally {
    subscription.unsubscribe(); // the server forgets a reading that nobody listens to
  }
}

async function ask(connection: NatsConnection, host: string, request: HeadsRequest) {
  try {
    const options = { timeout: answerMs };
    const answer = await connection.request(headsRequestSubject(host), JSON.stringify(request), options);
    return headsAnswerSchema.parse(answer.json());
  } catch (error) {
    // Nobody is there, or we may not ask, or somebody else answers: what there is can be read without them.
    return { problem: error instanceof Error ? error.message : String(error) };
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
