import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Accounts1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
create table "user" (
  username text primary key,
  role text not null check (role in ('admin', 'viewer')),
  password_hash text not null,
  token_version integer not null default 1,
  created_at timestamptz not null default now()
);
create table sign_in_token (
  token_hash text primary key,
  username text not null references "user" (username) on delete cascade,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index sign_in_token_expiry on sign_in_token (expires_at);
create table secret (name text primary key, value bytea not null);
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table secret, sign_in_token, "user"');
  }
}
