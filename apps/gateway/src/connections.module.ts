import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import {
  CLOCK,
  CONFIG,
  disconnect,
  LOGGER,
  METRICS,
  NATS,
  READ_MODEL,
  type Connections,
} from './connections';

/** Closes the connections once nobody can ask for anything any more. */
class ConnectionsEnd implements OnApplicationShutdown {
  constructor(private readonly connections: Connections) {}

  onApplicationShutdown(): Promise<void> {
    return disconnect(this.connections);
  }
}

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
    const end = { provide: ConnectionsEnd, useValue: new ConnectionsEnd(connections) };
    return { module: ConnectionsModule, providers: [...providers, end], exports: providers };
  }
}
