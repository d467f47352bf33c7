import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Transport, type MicroserviceOptions } from '@nestjs/microservices';
import {
  connectNats,
  createLogger,
  createMetrics,
  createPool,
  ensureFactsStream,
  FactsTransport,
  natsServers,
  NestLogger,
  startHealthServer,
} from '@telltale/platform';
import { AppModule } from './app.module';
import type { IngestConfig } from './config';
import { FactsHandler } from './consuming/facts-handler';
import { IngestIdentity } from './consuming/identity';
import { LagReporter } from './consuming/lag-reporter';
import { Leases } from './consuming/leases';
import { Partitions } from './consuming/partitions';
import { Statistics } from './consuming/statistics';
import { readModelSchema } from './database/data-source';
import { FleetRevisions } from './projecting/fleet-revisions';
import { LivePublisher } from './projecting/live-publisher';
import { StatusClock } from './projecting/status-clock';

const version = '0.1.0';
// Every partition may be in a commit at once, beside leases and the clock.
const connections = 20;

export interface Ingest {
  readonly healthPort: number;
  close(): Promise<void>;
}

/** Starts ingest: projects the log's partitions this replica holds. Waits for NATS and Postgres as long as it takes. */
export async function startIngest(config: IngestConfig): Promise<Ingest> {
  const logger = createLogger('ingest');
  const nats = await connectNats({ url: config.natsUrl, name: 'telltale-ingest', logger });
  await ensureFactsStream(nats);
  const pool = createPool({
    url: config.databaseUrl,
    searchPath: readModelSchema,
    applicationName: 'telltale-ingest',
    max: connections,
    pipeline: true,
    // A plan that was made while a table was small would scan all of it for ever after.
    settings: { enable_seqscan: 'off', jit: 'off' },
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
  const fleet = new FleetRevisions(fleetPool);
  const live = new LivePublisher(nats, fleet);
  const statistics = new Statistics();
  const handler = new FactsHandler({ pool, nats, live, statistics, logger });
  const leases = new Leases(pool, config.instance);
  const partitions = new Partitions(leases, nats, {
    logger,
    onDetach: (partition) => handler.forget(partition),
    onTake: async (held, stopped) => {
      await handler.refold(held, stopped);
      await fleet.leap();
    },
  });
  const transport = new FactsTransport({
    connection: nats,
    onListen: (facts) => partitions.start(facts),
    onClose: () => partitions.stop(),
    onFailure: (partition, error) => partitions.failed(partition, error),
  });
  const clock = new StatusClock(pool, live, { owner: config.instance, logger });
  const lag = new LagReporter(nats, () => transport.lagBytes);
  const health = await startHealthServer({
    host: '127.0.0.1',
    port: config.healthPort,
    metrics: createMetrics('ingest'),
    ready: async () => {
      await Promise.all([nats.flush(), pool.query('select 1')]);
      return { ok: true, detail: { lagBytes: transport.lagBytes } };
    },
  });
  const app = await listen(
    { handler, partitions, statistics, identity: new IngestIdentity(config.instance, version) },
    { transport, config, logger: new NestLogger(logger) },
  );
  clock.start();
  lag.start();
  return {
    healthPort: health.port,
    close: async () => {
      lag.stop();
      await health.close();
      try {
        await clock.stop();
        await app.close();
        // Away at this moment, NATS cannot be drained: what was committed is told by its revisions.
        await nats.drain().catch(() => nats.close());
      } finally {
        await Promise.all([pool.end(), fleetPool.end()]);
      }
    },
  };
}

async function listen(
  parts: Parameters<typeof AppModule.of>[0],
  { transport, config, logger }: { transport: FactsTransport; config: IngestConfig; logger: NestLogger },
): Promise<INestApplication> {
  const app = await NestFactory.create(AppModule.of(parts), { logger });
  app.connectMicroservice<MicroserviceOptions>({ strategy: transport });
  app.connectMicroservice<MicroserviceOptions>({
    transport: Transport.NATS,
    options: { ...natsServers(config.natsUrl), name: 'telltale-ingest-requests', maxReconnectAttempts: -1 },
  });
  await app.startAllMicroservices();
  return app;
}
