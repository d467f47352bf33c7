import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Watchers1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
create table watcher (
  host text primary key,
  heartbeat json not null,
  last_seen_at timestamptz not null
);
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table watcher');
  }
}
