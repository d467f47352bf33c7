import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Connections } from './connections';
import { FactsController } from './consuming/facts.controller';
import { FactsHandler } from './consuming/facts-handler';
import { IngestIdentity } from './consuming/identity';
import { Leases } from './consuming/leases';
import { Partitions } from './consuming/partitions';
import { QuarantineController } from './consuming/quarantine.controller';
import { QuarantineRetries } from './consuming/quarantine-retries';
import { Statistics } from './consuming/statistics';
import { StatusController } from './consuming/status.controller';
import { readModelOptions } from './database/data-source';
import { Deletions } from './deleting/deletions';
import { Settling } from './deleting/settling';
import { ClockLease } from './projecting/clock-lease';
import { FleetRevisions } from './projecting/fleet-revisions';
import { LivePublisher } from './projecting/live-publisher';
import { StatusClock } from './projecting/status-clock';
import { Unread } from './searching/unread';

const version = '0.1.0';
/** Leases, and partitions that are taken up; what waits for a connection waits in order. */
const tending = 8;

@Module({})
export class AppModule {
  static of(connections: Connections): DynamicModule {
    const { config, logger } = connections;
    return {
      module: AppModule,
      imports: [
        // Waits for PostgreSQL for as long as it takes, as the NATS connection does.
        TypeOrmModule.forRoot({
          ...readModelOptions({
            url: config.databaseUrl,
            applicationName: 'telltale-ingest-tending',
            max: tending,
            logger,
          }),
          retryAttempts: Number.MAX_SAFE_INTEGER,
          retryDelay: 1000,
        }),
      ],
      controllers: [FactsController, StatusController, QuarantineController],
      providers: [
        Statistics,
        { provide: IngestIdentity, useValue: new IngestIdentity(config.instance, version) },
        ...projecting(connections),
        ...consuming(connections),
      ],
    };
  }
}

function projecting({ config, logger, nats, pool, fleetPool }: Connections): Provider[] {
  return [
    { provide: FleetRevisions, useFactory: () => new FleetRevisions(fleetPool) },
    {
      provide: LivePublisher,
      useFactory: (fleet: FleetRevisions) => new LivePublisher(nats, fleet),
      inject: [FleetRevisions],
    },
    {
      provide: StatusClock,
      useFactory: (database: DataSource, live: LivePublisher) =>
        new StatusClock(pool, new ClockLease(database, config.instance), live, logger),
      inject: [getDataSourceToken(), LivePublisher],
    },
  ];
}

function consuming({ config, logger, nats, pool }: Connections): Provider[] {
  const unread = new Unread();
  return [
    { provide: Unread, useValue: unread },
    { provide: Deletions, useFactory: () => new Deletions({ nats, pool }, logger) },
    {
      provide: Settling,
      useFactory: (live: LivePublisher) => new Settling(pool, live, logger),
      inject: [LivePublisher],
    },
    {
      provide: FactsHandler,
      useFactory: (
        database: DataSource,
        live: LivePublisher,
        statistics: Statistics,
        deletions: Deletions,
        settling: Settling,
      ) => {
        const onDeleted = () => [deletions, settling].forEach((work) => work.poke());
        return new FactsHandler({ pool, database, nats, live, statistics, onDeleted, unread, logger });
      },
      inject: [getDataSourceToken(), LivePublisher, Statistics, Deletions, Settling],
    },
    {
      provide: QuarantineRetries,
      useFactory: (database: DataSource, partitions: Partitions) =>
        new QuarantineRetries(database, partitions, logger),
      inject: [getDataSourceToken(), Partitions],
    },
    {
      provide: Partitions,
      useFactory: (database: DataSource, handler: FactsHandler, fleet: FleetRevisions) =>
        new Partitions(new Leases(database, config.instance), nats, {
          logger,
          onDetach: (partition) => handler.forget(partition),
          onTake: async (held, stopped) => {
            await handler.refold(held, stopped);
            await fleet.leap();
          },
          onHeld: (partition) => unread.note(partition),
        }),
      inject: [getDataSourceToken(), FactsHandler, FleetRevisions],
    },
  ];
}
