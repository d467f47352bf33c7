import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Budgets1700000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- Says which set of budgets is in force, and lets one change it at a time.
create table budget_set (singleton boolean primary key default true check (singleton), revision bigint not null);
insert into budget_set (revision) values (1);
create table budget (
  id text primary key,
  position integer not null,
  scope text not null check (scope in ('session', 'project', 'day', 'month')),
  key text,
  limit_usd double precision not null check (limit_usd > 0),
  thresholds double precision[] not null,
  tz text,
  since timestamptz not null
);

-- The highest threshold told of each occasion: what makes alerts unique. Outlives its budget.
create table budget_mark (occasion_hash text primary key, threshold double precision not null);

create table alert (
  id bigint generated always as identity primary key,
  kind text not null,
  at timestamptz not null,
  session_id text,
  message text not null,
  data jsonb not null,
  told_at timestamptz
);
create index alert_session on alert (session_id, id desc) where session_id is not null;
create index alert_untold on alert (id) where told_at is null;
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table alert, budget_mark, budget, budget_set');
  }
}
