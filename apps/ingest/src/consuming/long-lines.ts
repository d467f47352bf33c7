import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { factHeaderPrefix, factsStreamName, maxFactBytes } from '@telltale/contracts';

/** Longer lines go to quarantine: one record must not take the process's memory. */
export const longestLineBytes = 256 * 1024 * 1024;

/** A line that trying again will not bring back: it is too long, or a part of it is gone from the log. */
export class UnreadableLineError extends Error {
  override readonly name = 'UnreadableLineError';
}

/**
 * Reads the parts of one long line back from the log: the facts of `subject` from `firstSequence` on, `count` of them.
 * They are consecutive on their subject, because a file's facts are published one after another.
 *
 * @throws UnreadableLineError; what NATS throws where the log cannot be asked
 */
export async function readParts(
  connection: NatsConnection,
  { subject, firstSequence, count }: { subject: string; firstSequence: number; count: number },
): Promise<Uint8Array[]> {
  if (count * maxFactBytes > longestLineBytes)
    throw new UnreadableLineError(
      `the line has ${count} parts: above ${longestLineBytes} bytes none is read`,
    );
  const manager = await jetstreamManager(connection);
  const parts: Uint8Array[] = [];
  let next = firstSequence;
  while (parts.length < count) {
    const expected = `${parts.length + 1}/${count}`;
    const message = await manager.direct.getMessage(factsStreamName, { seq: next, next_by_subj: subject });
    // Retention may have removed it: what comes next on the subject is another line's.
    if (message === null || message.header.get(`${factHeaderPrefix}part`) !== expected)
      throw new UnreadableLineError(`part ${expected} of this line is not in the log`);
    parts.push(message.data);
    next = message.seq + 1;
  }
  return parts;
}
