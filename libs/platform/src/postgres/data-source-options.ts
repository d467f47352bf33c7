import type { DataSourceOptions } from 'typeorm';
import { createLogger } from '../logs/logger';
import { serverOptions, type PostgresRequest } from './connection-options';
import { typeParsers } from './int8';

type PostgresDataSourceOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

/** The same connection as {@link createPool}, for a TypeORM DataSource. Entities and migrations are the caller's. */
export function dataSourceOptions(request: PostgresRequest): PostgresDataSourceOptions {
  const logger = request.logger ?? createLogger(request.applicationName);
  return {
    type: 'postgres',
    url: request.url,
    applicationName: request.applicationName,
    poolSize: request.max,
    connectTimeoutMS: 5000,
    synchronize: false,
    logging: false,
    poolErrorHandler: (error: unknown) =>
      logger.warn('an idle PostgreSQL connection ended', {
        problem: error instanceof Error ? error.message : String(error),
      }),
    extra: {
      options: serverOptions(request),
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      idleTimeoutMillis: 30_000,
      types: typeParsers,
    },
  };
}
