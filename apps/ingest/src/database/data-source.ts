import { dataSourceOptions } from '@telltale/platform';
import { DataSource } from 'typeorm';
import { ReadModel1700000000001 } from './migrations/0001-read-model';

export const readModelSchema = 'read_model';

/** The read model's schema is created first: migrations run inside it. */
export function readModelDataSource(url: string): DataSource {
  const options = dataSourceOptions({
    url,
    searchPath: readModelSchema,
    applicationName: 'telltale-ingest-migrate',
    max: 1,
    statementTimeoutMs: 0,
    idleInTransactionTimeoutMs: 0,
  });
  return new DataSource({
    ...options,
    schema: readModelSchema,
    migrations: [ReadModel1700000000001],
    migrationsTransactionMode: 'each',
  });
}
