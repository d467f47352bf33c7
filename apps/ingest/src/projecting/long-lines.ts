import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { factsStreamName } from '@telltale/contracts';

/** Longer lines go to quarantine: one record must not take the process's memory. */
export const longestLineBytes = 256 * 1024 * 1024;

/**
 * Reads the parts of one long line back from the log: the facts of `subject` from `firstSequence` on, `count` of them.
 * They are consecutive on their subject, because a file's facts are published one after another.
 */
export async function readParts(
  connection: NatsConnection,
  { subject, firstSequence, count }: { subject: string; firstSequence: number; count: number },
): Promise<Uint8Array[]> {
  const manager = await jetstreamManager(connection);
  const parts: Uint8Array[] = [];
  let next = firstSequence;
  while (parts.length < count) {
    const message = await manager.direct.getMessage(factsStreamName, { seq: next, next_by_subj: subject });
    if (message === null)
      throw new Error(`part ${parts.length + 1} of ${count} of ${subject} is not in the log`);
    parts.push(message.data);
    next = message.seq + 1;
  }
  return parts;
}
