import { bytesStream } from '@telltale/contracts';
import type { StreamInfo } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { ensureStream } from './ensure-stream';

/**
 * Creates the BYTES stream, or brings the settings that are ours up to date. Safe to call from several services at once.
 *
 * @throws UnsafeStreamError when the stream allows rollup headers
 */
export function ensureBytesStream(connection: NatsConnection): Promise<StreamInfo> {
  return ensureStream(connection, bytesStream);
}
