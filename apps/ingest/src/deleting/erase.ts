import { JetStreamApiError, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { FactMessage } from '@telltale/platform';

/** "no message found" and "sequence not found": it is gone already. */
const goneCodes = [10037, 10043, 10057];

/** Messages of a subject up to a sequence, one after the other. */
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

/**
 * Removes a message and overwrites its bytes on the disk. A purge would be quicker, but leaves what it removes in the
 * stream's files until the server happens to compact them.
 */
export async function erase(manager: JetStreamManager, stream: string, sequence: number): Promise<void> {
  try {
    await manager.streams.deleteMessage(stream, sequence, true);
  } catch (error) {
    if (!(error instanceof JetStreamApiError && goneCodes.includes(error.code))) throw error;
  }
}
