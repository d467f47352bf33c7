import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { maxFactBytes } from '@telltale/contracts';
import { readParts, type LongLine } from '@telltale/platform';

/** Longer lines go to quarantine: one record must not take the process's memory. */
const longestLineBytes = 256 * 1024 * 1024;

/** A line that trying again will not bring back: it is too long, or a part of it is gone from the log. */
export class UnreadableLineError extends Error {
  override readonly name = 'UnreadableLineError';
}

/**
 * All parts of one long line, in order.
 *
 * @throws UnreadableLineError; what NATS throws where the log cannot be asked
 */
export async function allParts(connection: NatsConnection, line: LongLine): Promise<Uint8Array[]> {
  const { count } = line;
  if (count * maxFactBytes > longestLineBytes)
    throw new UnreadableLineError(
      `the line has ${count} parts: above ${longestLineBytes} bytes none is read`,
    );
  const parts = await readParts(await jetstreamManager(connection, { checkAPI: false }), line);
  // Retention may have removed it.
  if (parts.length < count)
    throw new UnreadableLineError(`part ${parts.length + 1}/${count} of this line is not in the log`);
  return parts;
}
