import pg from 'pg';
import { createLogger } from '../logs/logger';
import { serverOptions, type PostgresRequest } from './connection-options';
import { typeParsers } from './int8';

/**
 * A pool whose idle connections may die (a restarted server) without taking the process along: the next query
 * opens a new one. int8 comes as number or bigint, see {@link parseInt8}.
 */
export function createPool(request: PostgresRequest): pg.Pool {
  const logger = request.logger ?? createLogger(request.applicationName);
  const pool = new pg.Pool({
    connectionString: request.url,
    application_name: request.applicationName,
    max: request.max,
    options: serverOptions(request),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 5000,
    idleTimeoutMillis: 30_000,
    types: typeParsers,
    ...(request.pipeline === true ? { pipeline: true } : {}),
  });
  pool.on('error', (error) => logger.warn('an idle PostgreSQL connection ended', { problem: error.message }));
  // A client that is checked out gets its own 'error' event; without a handler it would end the process.
  pool.on('connect', (client) =>
    client.on('error', (error) => logger.debug('a PostgreSQL connection ended', { problem: error.message })),
  );
  return pool;
}
