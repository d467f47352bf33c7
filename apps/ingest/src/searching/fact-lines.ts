import type { NatsConnection } from '@nats-io/transport-node';
import { LoggedLines } from '@telltale/platform';

const bounds = {
  /** The items of a fact come one after another. */
  kept: 8 * 1024 * 1024,
  /** Of a longer line the preview is searched. */
  longestLine: 16 * 1024 * 1024,
};

/** Lines of the log as the search needs them. */
export class FactLines extends LoggedLines {
  constructor(connection: NatsConnection) {
    super(connection, bounds);
  }
}
