import type { MigrationInterface, QueryRunner } from 'typeorm';

export class UsersAndAudit1700000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Versions are never given out twice, whatever the user: who is made again under an old name is somebody else.
    await runner.query(`
create sequence user_token_version as integer start 1000;
alter sequence user_token_version owned by "user".token_version;
alter table "user"
  alter column token_version set default nextval('user_token_version'),
  add column disabled_at timestamptz,
  add column last_sign_in_at timestamptz;
create unique index user_name_in_any_case on "user" (lower(username));

create table ended_sign_in (
  id text primary key,
  username text not null references "user" (username) on delete cascade,
  expires_at timestamptz not null
);
create index ended_sign_in_user on ended_sign_in (username);

alter table api_token add column made_by text references api_token (id) on delete cascade;
create index api_token_made_by on api_token (made_by);
`);
    // One trigger for each statement, so that one which matches no row is refused as well.
    await runner.query(`
create table audit_entry (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  username text,
  token_id text,
  address text,
  action text not null,
  target text,
  outcome text not null check (outcome in ('ok', 'refused', 'failed')),
  status integer,
  details jsonb not null default '{}'
);
create index audit_entry_action on audit_entry (action, id desc);
create index audit_entry_user on audit_entry (username, id desc);
create index audit_entry_came_in on audit_entry (username, address, at)
  where action = 'auth.login' and outcome = 'ok';
create function refuse_audit_change() returns trigger language plpgsql as
  $$ begin raise exception 'the audit trail is append-only' using errcode = 'insufficient_privilege'; end $$;
create trigger audit_entry_append_only before update or delete or truncate on audit_entry
  for each statement execute function refuse_audit_change();
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop table audit_entry;
drop function refuse_audit_change;
alter table api_token drop column made_by;
drop table ended_sign_in;
drop index user_name_in_any_case;
alter table "user" alter column token_version set default 1, drop column disabled_at, drop column last_sign_in_at;
drop sequence user_token_version;
`);
  }
}
