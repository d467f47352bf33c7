import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LoginFailures1700000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Unlogged: it is worth a minute, and a server that crashed may forget it.
    await runner.query(`
-- Sign-ins that failed lately, as all replicas count them. key: a keyed hash of what is counted, for a name may be a
-- password that was typed into the wrong field.
create unlogged table login_failure (
  key bytea primary key,
  count integer not null,
  until timestamptz not null
);
create index login_failure_until on login_failure (until);
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table login_failure');
  }
}
