import { Global, Module, type DynamicModule } from '@nestjs/common';
import { CLOCK, CONFIG, LOGGER, METRICS, NATS, READ_MODEL, type Connections } from './connections';

/** Configuration, connections and the clock, for every module. */
@Global()
@Module({})
export class ConnectionsModule {
  static of(connections: Connections): DynamicModule {
    const providers = [
      { provide: CONFIG, useValue: connections.config },
      { provide: READ_MODEL, useValue: connections.readModel },
      { provide: NATS, useValue: connections.nats },
      { provide: LOGGER, useValue: connections.logger },
      { provide: METRICS, useValue: connections.metrics },
      { provide: CLOCK, useValue: connections.clock },
    ];
    return { module: ConnectionsModule, providers, exports: providers };
  }
}
