import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Transport, type MicroserviceOptions } from '@nestjs/microservices';
import {
  ConfigurationError,
  createLogger,
  exitWithParent,
  inboxPrefixes,
  natsServers,
  NestLogger,
} from '@telltale/platform';
import { readWatcherConfig } from './config';

import { watcherModule } from './watcher-module';

const logger = createLogger('watcher');

/** The watcher of this host: file facts go to NATS JetStream, requests come by Nest's NATS transport. */
async function main(): Promise<void> {
  exitWithParent();
  const config = readWatcherConfig();
  const { servers, user, pass, tls } = natsServers(config.natsUrl);

  const app = await NestFactory.createMicroservice<MicroserviceOptions>(watcherModule(config), {
    transport: Transport.NATS,
    options: {
      servers,
      ...(user === undefined ? {} : { user }),
      ...(pass === undefined ? {} : { pass }),
      ...(tls ? { tls: {} } : {}),
      name: `watcher ${config.host} requests`,
      inboxPrefix: inboxPrefixes.watcher(config.host),
      maxReconnectAttempts: -1,
      waitOnFirstConnect: true,
    },
    logger: new NestLogger(logger),
  });
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  await app.listen();
}

main().catch((error: unknown) => {
  if (error instanceof ConfigurationError) logger.error(error.message);
  else logger.error('the watcher cannot start', { error });
  process.exit(1);
});
