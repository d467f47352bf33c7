import { JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';

/** "no message found" and "sequence not found": it is gone already. */
const goneCodes = [10037, 10043, 10057];

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
