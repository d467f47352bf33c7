import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { FactMessage } from '@telltale/platform';

/** Messages of a subject before a sequence, one after the other; what is gone meanwhile is left out. */
export async function* messagesBefore(
  connection: NatsConnection,
  { stream, subject, upTo }: { readonly stream: string; readonly subject: string; readonly upTo: number },
): AsyncGenerator<FactMessage> {
  const { direct } = await jetstreamManager(connection, { checkAPI: false });
  for (let next = 1; next < upTo;) {
    const message = await direct.getMessage(stream, { seq: next, next_by_subj: subject });
    if (message === null || message.seq >= upTo) return;
    const { header } = message;
    yield {
      subject: message.subject,
      sequence: message.seq,
      time: message.time.getTime(),
      body: message.data,
      header: (name) => (header.has(name) ? header.get(name) : undefined),
    };
    next = message.seq + 1;
  }
}
