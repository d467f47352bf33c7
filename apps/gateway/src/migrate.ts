import { createLogger, databaseUrl, readEnvironment } from '@telltale/platform';
import 'reflect-metadata';
import { z } from 'zod';
import { migrateControl } from './database/control-database';

const logger = createLogger('gateway-migrate');
try {
  await migrateControl(readEnvironment(z.object({ DATABASE_URL: databaseUrl })).DATABASE_URL, logger);
} catch (error) {
  logger.error('migration failed', { error });
  process.exitCode = 1;
}
