import { Module, type DynamicModule } from '@nestjs/common';
import { FactsController } from './consuming/facts.controller';
import { FactsHandler } from './consuming/facts-handler';
import { IngestIdentity } from './consuming/identity';
import { Partitions } from './consuming/partitions';
import { Statistics } from './consuming/statistics';
import { StatusController } from './consuming/status.controller';

export interface IngestParts {
  readonly handler: FactsHandler;
  readonly partitions: Partitions;
  readonly statistics: Statistics;
  readonly identity: IngestIdentity;
}

@Module({})
export class AppModule {
  static of(parts: IngestParts): DynamicModule {
    return {
      module: AppModule,
      controllers: [FactsController, StatusController],
      providers: [
        { provide: FactsHandler, useValue: parts.handler },
        { provide: Partitions, useValue: parts.partitions },
        { provide: Statistics, useValue: parts.statistics },
        { provide: IngestIdentity, useValue: parts.identity },
      ],
    };
  }
}
