import { jetstreamManager, JetStreamApiError, type StreamConfig, type StreamInfo } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

/** The stream as found must not be used: with such a setting any publisher could wipe it. */
export class UnsafeStreamError extends Error {
  override readonly name = 'UnsafeStreamError';
}

/** What we say of a stream of ours; all else is the server's default, or an operator's choice. */
export interface StreamPlan {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly storage: 'file';
  readonly retention: 'limits';
  readonly discard: 'old';
  readonly compression: 's2';
  readonly allow_direct: boolean;
  readonly allow_rollup_hdrs: boolean;
  readonly allow_msg_ttl: boolean;
  readonly max_msgs: number;
  readonly max_bytes: number;
  readonly max_age: number;
  readonly max_msg_size: number;
}

/** JetStream's own code for "stream not found". */
const streamNotFound = 10059;
/** "stream name already in use with a different configuration": somebody else made it at the same moment. */
const streamNameInUse = 10058;

/** Only settings that an operator has no reason to change are brought back; limits are theirs. */
const ours = ['allow_direct', 'compression', 'max_msg_size', 'discard'] as const;

/**
 * Creates a stream, or brings the settings that are ours up to date. Safe to call from several services at once.
 *
 * @throws UnsafeStreamError when the stream allows rollup headers
 */
export async function ensureStream(connection: NatsConnection, plan: StreamPlan): Promise<StreamInfo> {
  const manager = await jetstreamManager(connection);
  const wanted = { ...plan, subjects: [...plan.subjects] };
  const found = await manager.streams.info(plan.name).catch((error: unknown) => {
    if (error instanceof JetStreamApiError && error.code === streamNotFound) return undefined;
    throw error;
  });
  if (found === undefined) {
    return manager.streams.add(wanted).catch((error: unknown) => {
      if (error instanceof JetStreamApiError && error.code === streamNameInUse)
        return ensureStream(connection, plan);
      throw error;
    });
  }
  refuseUnsafe(found.config);
  const differs =
    ours.some((name) => found.config[name] !== wanted[name]) ||
    found.config.subjects.join() !== wanted.subjects.join();
  if (!differs) return found;
  const changes = Object.fromEntries(ours.map((name) => [name, wanted[name]]));
  return manager.streams.update(plan.name, { ...found.config, ...changes, subjects: wanted.subjects });
}

function refuseUnsafe(config: StreamConfig): void {
  const unsafe = [
    config.allow_rollup_hdrs ? 'rollup headers' : '',
    config.allow_msg_ttl ? 'message TTL' : '',
    config.allow_msg_schedules ? 'message schedules' : '',
  ].filter((name) => name !== '');
  if (unsafe.length === 0) return;
  throw new UnsafeStreamError(
    `the stream ${config.name} allows ${unsafe.join(', ')}: a publisher could remove what it holds. Remove that setting ` +
      `(nats stream edit ${config.name}), or let Telltale make the stream in another NATS account.`,
  );
}
