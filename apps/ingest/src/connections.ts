import type { NatsConnection } from '@nats-io/transport-node';
import {
  connectNats,
  createLogger,
  createPool,
  ensureBytesStream,
  ensureFactsStream,
  inboxPrefixes,
  type Logger,
} from '@telltale/platform';
import type { Pool } from 'pg';
import type { IngestConfig } from './config';
import { readModelSchema } from './database/data-source';

/** Every partition may be in a commit at once, beside the clock. */
const committing = 18;

export interface Connections {
  readonly config: IngestConfig;
  readonly logger: Logger;
  readonly nats: NatsConnection;
  /** The hot path: sets of rows, in few round trips. What else the read model is asked goes through TypeORM. */
  readonly pool: Pool;
  /** One connection for the fleet's revisions, which may commit asynchronously. */
  readonly fleetPool: Pool;
}

/** Waits for NATS as long as it takes; PostgreSQL is connected to on demand. */
export async function connect(config: IngestConfig): Promise<Connections> {
  const logger = createLogger('ingest');
  const nats = await connectNats({
    url: config.natsUrl,
    name: 'telltale-ingest',
    inboxPrefix: inboxPrefixes.ingest,
    logger,
  });
  await Promise.all([ensureFactsStream(nats), ensureBytesStream(nats)]);
  const pool = createPool({
    url: config.databaseUrl,
    searchPath: readModelSchema,
    applicationName: 'telltale-ingest',
    max: committing,
    pipeline: true,
    // A plan that was made while a table was small would scan all of it for ever after. One plan a statement: nothing is
    // gained by planning anew for each list of keys.
    settings: { enable_seqscan: 'off', jit: 'off', plan_cache_mode: 'force_generic_plan' },
    logger,
  });
  const fleetPool = createPool({
    url: config.databaseUrl,
    searchPath: readModelSchema,
    applicationName: 'telltale-ingest-fleet',
    max: 1,
    settings: { synchronous_commit: 'off' },
    logger,
  });
  return { config, logger, nats, pool, fleetPool };
}

/** What was committed is safe; deltas under way are sent first. */
export async function disconnect({ nats, pool, fleetPool }: Connections): Promise<void> {
  try {
    // Away at this moment, NATS cannot be drained: what was committed is told by its revisions.
    await nats.drain().catch(() => nats.close());
  } finally {
    await Promise.all([pool.end(), fleetPool.end()]);
  }
}
