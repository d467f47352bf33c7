import { NestFactory } from '@nestjs/core';
import { Transport, type MicroserviceOptions } from '@nestjs/microservices';
import {
  createMetrics,
  FactsTransport,
  HeadsTeller,
  natsServers,
  NestLogger,
  startHealthServer,
} from '@telltale/platform';
import { AppModule } from './app.module';
import type { IngestConfig } from './config';
import { connect, disconnect } from './connections';
import { FactsHandler } from './consuming/facts-handler';
import { LagReporter } from './consuming/lag-reporter';
import { Partitions } from './consuming/partitions';
import { QuarantineRetries } from './consuming/quarantine-retries';
import { Deletions } from './deleting/deletions';
import { Settling } from './deleting/settling';
import { StatusClock } from './projecting/status-clock';
import { startSearching } from './searching/start-searching';
import { Unread } from './searching/unread';

export interface Ingest {
  readonly healthPort: number;
  close(): Promise<void>;
}

/** Starts ingest: projects the log's partitions this replica holds. Waits for NATS and Postgres as long as it takes. */
export async function startIngest(config: IngestConfig): Promise<Ingest> {
  const connections = await connect(config);
  const { nats, pool, logger } = connections;
  // Before all else: a watcher that starts along with us reads its heads one by one where nobody tells them.
  const heads = new HeadsTeller(nats, logger);
  heads.start();
  const transport = new FactsTransport({
    connection: nats,
    onListen: (facts) => app.get(Partitions).start(facts),
    onClose: () => app.get(Partitions).stop(),
    onFailure: (partition, error) => app.get(Partitions).failed(partition, error),
    onLag: () => lag.changed(),
  });
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
  const app = await NestFactory.create(AppModule.of(connections), { logger: new NestLogger(logger) });
  app.connectMicroservice<MicroserviceOptions>({ strategy: transport });
  app.connectMicroservice<MicroserviceOptions>({
    transport: Transport.NATS,
    options: { ...natsServers(config.natsUrl), name: 'telltale-ingest-requests', maxReconnectAttempts: -1 },
  });
  await app.startAllMicroservices();
  const clock = app.get(StatusClock);
  clock.start();
  const upkeep = [app.get(Deletions), app.get(Settling), app.get(QuarantineRetries)];
  for (const work of upkeep) work.start();
  lag.start();
  const searching = startSearching(connections, {
    partitions: app.get(Partitions),
    handler: app.get(FactsHandler),
    unread: app.get(Unread),
    lagBytes: () => transport.lagBytes,
  });
  return {
    healthPort: health.port,
    close: async () => {
      lag.stop();
      heads.stop();
      await health.close();
      try {
        await Promise.all([clock, ...upkeep, searching].map((work) => work.stop()));
        await app.close();
      } finally {
        await disconnect(connections);
      }
    },
  };
}
