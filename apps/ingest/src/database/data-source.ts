import { dataSourceOptions, type PostgresRequest } from '@telltale/platform';
import { DataSource } from 'typeorm';
import { entities } from './entities/entities';
import { ReadModel1700000000001 } from './migrations/0001-read-model';
import { EverySource1795000000002 } from './migrations/0002-every-source';
import { Search1795000000003 } from './migrations/0003-search';
import { DeletedSessions1795000000004 } from './migrations/0004-deleted-sessions';
import { ChangedSessions1795000000006 } from './migrations/0006-changed-sessions';

export const readModelSchema = 'read_model';

/**
 * The read model for TypeORM. Its tables are found by search_path, never named with their schema, so that a rebuild
 * can fill a second schema beside this one.
 */
export function readModelOptions(
  request: Omit<PostgresRequest, 'searchPath'>,
): ReturnType<typeof dataSourceOptions> {
  return {
    ...dataSourceOptions({ ...request, searchPath: readModelSchema }),
    entities,
    migrations: [
      ReadModel1700000000001,
      EverySource1795000000002,
      Search1795000000003,
      DeletedSessions1795000000004,
      ChangedSessions1795000000006,
    ],
    migrationsTransactionMode: 'each',
  };
}

/** For migrations, which run inside the schema: it is created first. */
export function migratingDataSource(url: string): DataSource {
  return new DataSource(
    readModelOptions({
      url,
      applicationName: 'telltale-ingest-migrate',
      max: 1,
      statementTimeoutMs: 0,
      idleInTransactionTimeoutMs: 0,
    }),
  );
}
