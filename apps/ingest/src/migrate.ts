import 'reflect-metadata';
import { createLogger, databaseUrl, readEnvironment } from '@telltale/platform';
import { z } from 'zod';
import { migrateReadModel } from './database/migrate-read-model';

const logger = createLogger('ingest-migrate');
try {
  const { DATABASE_URL } = readEnvironment(z.object({ DATABASE_URL: databaseUrl }));
  logger.info('read model is up to date', { ran: await migrateReadModel(DATABASE_URL) });
} catch (error) {
  logger.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
