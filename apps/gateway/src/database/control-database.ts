import { dataSourceOptions, type Logger } from '@telltale/platform';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { AlertEntity } from './alert.entity';
import { ApiTokenEntity } from './api-token.entity';
import { AuditEntryEntity } from './audit-entry.entity';
import { BudgetEntity } from './budget.entity';
import { EndedSignInEntity } from './ended-sign-in.entity';
import { Accounts1700000000001 } from './migrations/0001-accounts';
import { ApiTokens1700000000002 } from './migrations/0002-api-tokens';
import { Watchers1700000000003 } from './migrations/0003-watchers';
import { UsersAndAudit1700000000004 } from './migrations/0004-users-and-audit';
import { Budgets1700000000005 } from './migrations/0005-budgets';
import { LoginFailures1700000000006 } from './migrations/0006-login-failures';
import { SecretEntity } from './secret.entity';
import { SignInTokenEntity } from './sign-in-token.entity';
import { UserEntity } from './user.entity';
import { WatcherEntity } from './watcher.entity';

const schema = 'control';

/** The gateway's own tables: accounts and, later, settings. Unlike the read model they cannot be rebuilt from the log. */
export function controlDatabase(url: string, logger: Logger): DataSourceOptions {
  return {
    ...dataSourceOptions({
      url,
      searchPath: schema,
      applicationName: 'telltale-gateway-control',
      max: 4,
      logger,
    }),
    schema,
    entities: [
      UserEntity,
      SignInTokenEntity,
      SecretEntity,
      ApiTokenEntity,
      WatcherEntity,
      AuditEntryEntity,
      EndedSignInEntity,
      BudgetEntity,
      AlertEntity,
    ],
    migrations: [
      Accounts1700000000001,
      ApiTokens1700000000002,
      Watchers1700000000003,
      UsersAndAudit1700000000004,
      Budgets1700000000005,
      LoginFailures1700000000006,
    ],
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'all',
  };
}

/** Any number, the same for all replicas: only one of them migrates at a time. */
const migrationLock = 7_265_553_201;

/** Brings the schema `control` up to date. Safe to run from several replicas at once, and again. */
export async function migrateControl(url: string, logger: Logger): Promise<void> {
  const source = await new DataSource(controlDatabase(url, logger)).initialize();
  const guard = source.createQueryRunner();
  try {
    await guard.query('select pg_advisory_lock($1)', [migrationLock]);
    // Whose role may make no schemas finds it made: "if not exists" would ask for the right first.
    const [{ missing }] = (await guard.query(`select to_regnamespace('${schema}') is null as missing`)) as [
      { missing: boolean },
    ];
    if (missing) await guard.query(`create schema ${schema}`);
    const applied = await source.runMigrations();
    logger.info('control schema is up to date', { applied: applied.map((migration) => migration.name) });
  } finally {
    await guard.query('select pg_advisory_unlock($1)', [migrationLock]);
    await guard.release();
    await source.destroy();
  }
}
