import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ApiTokens1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
create table api_token (
  id text primary key,
  token_hash text not null,
  name text not null,
  scopes text[] not null check (scopes <@ array['read', 'push', 'admin']),
  username text not null references "user" (username) on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz
);
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table api_token');
  }
}
