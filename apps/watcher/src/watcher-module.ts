import { Module, type DynamicModule } from '@nestjs/common';
import type { WatcherConfig } from './config';
import { statusController } from './status/status-controller';
import { WatcherService, watcherConfigToken } from './watcher-service';

@Module({})
class WatcherModule {}

/** The watcher as a Nest module, made from its configuration. */
export function watcherModule(config: WatcherConfig): DynamicModule {
  return {
    module: WatcherModule,
    controllers: [statusController(config.host)],
    providers: [WatcherService, { provide: watcherConfigToken, useValue: config }],
  };
}
