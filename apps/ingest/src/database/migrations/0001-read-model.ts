import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The read model, all of it derived from the log. It lives in a schema of its own, found by search_path, so that
 * a rebuild can fill a second one beside it. The order of the sections is the order of locks.
 */
export class ReadModel1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- A revision on the wire is '<generation.id>.<n>'.
create table generation (singleton boolean primary key default true check (singleton), id text not null, created_at timestamptz not null default now());
insert into generation (id) values (substr(md5(random()::text || clock_timestamp()::text), 1, 8));

-- A claim (key, session) and what the session's feed shows of it. counted: the session that owns the key.
create table item (
  key text not null,
  session_id text not null,
  kind text not null check (kind in ('prompt', 'assistant', 'tool', 'error', 'compaction')),
  counted boolean not null default false,
  at timestamptz,
  sequence bigint not null,
  line integer not null,
  agent_id text,
  model text,
  name text,
  preview text not null default '',
  input text,
  is_error boolean not null default false,
  used boolean not null default true,
  ended_at timestamptz,
  duration_ms integer,
  parts jsonb not null,
  primary key (key, session_id)
) with (fillfactor = 90);
-- A key counts for one session, whatever transactions run side by side.
create unique index item_owner on item (key) where counted;
create index item_feed on item (session_id, at, sequence, line, key);

-- Candidate rows of usage per message; owner is null where the row lost.
create table usage (
  message_key text not null,
  session_id text not null,
  request_id text not null,
  sidechain boolean not null,
  uuid text not null,
  agent_id text,
  model text not null,
  speed text,
  at timestamptz not null,
  input bigint not null, output bigint not null, cache_write_5m bigint not null, cache_write_1h bigint not null,
  cache_read bigint not null, reasoning bigint not null, web_searches integer not null default 0,
  sequence bigint not null,
  line integer not null,
  owner text,
  cost_pico bigint,
  price_version text,
  primary key (message_key, session_id, request_id, sidechain)
) with (fillfactor = 90);
create unique index usage_entry on usage (message_key, request_id) where owner is not null;
create index usage_owner on usage (owner, at) where owner is not null;
create index usage_session on usage (session_id);

-- 1. Sessions. summary and detail are what the gateway serves; registers is what they are made of.
create table session (
  id text primary key,
  source text not null,
  host text not null,
  "user" text,
  project_path text,
  project_name text,
  branch text,
  title text,
  models text[] not null default '{}',
  status text not null,
  status_until timestamptz,
  started_at timestamptz,
  last_activity_at timestamptz,
  archived boolean not null default false,
  cost_pico bigint,
  tokens_total bigint not null default 0,
  messages integer not null default 0,
  tool_calls integer not null default 0,
  revision bigint not null,
  summary jsonb not null,
  detail jsonb not null,
  registers jsonb not null
) with (fillfactor = 80, toast_tuple_target = 8160);
create index session_by_activity on session (last_activity_at desc nulls last, id desc);
create index session_by_start on session (started_at desc nulls last, id desc);
create index session_by_cost on session (cost_pico desc nulls last, id desc);
create index session_by_tokens on session (tokens_total desc, id desc);
create index session_due on session (status_until) where status_until is not null;

-- 2. Rollups, 15-minute UTC buckets. model '' stands for none.
create table rollup (
  session_id text not null,
  bucket timestamptz not null,
  model text not null,
  messages integer not null default 0,
  prompts integer not null default 0,
  input bigint not null default 0, output bigint not null default 0, cache_write_5m bigint not null default 0,
  cache_write_1h bigint not null default 0, cache_read bigint not null default 0, reasoning bigint not null default 0,
  cost_pico bigint not null default 0,
  priced integer not null default 0,
  unpriced integer not null default 0,
  primary key (session_id, bucket, model)
) with (fillfactor = 80);
create index rollup_bucket on rollup (bucket);
create table rollup_tool (
  session_id text not null,
  bucket timestamptz not null,
  tool text not null,
  calls integer not null default 0,
  errors integer not null default 0,
  primary key (session_id, bucket, tool)
) with (fillfactor = 80);
create index rollup_tool_bucket on rollup_tool (bucket);

-- Files, each with its decoder's state between two lines. file: '<source>.<host token>.<hash>'.
create table file_state (
  file text primary key,
  partition smallint not null,
  source text not null,
  host text not null,
  path text not null,
  root text not null,
  generation text not null,
  "offset" bigint not null,
  decoder_version integer not null,
  state jsonb not null,
  session_id text,
  part_sequence bigint,
  last_sequence bigint not null,
  removed boolean not null default false,
  parked text
);
create index file_state_session on file_state (session_id);

create table quarantine (
  sequence bigint not null,
  line integer not null,
  file text not null,
  source text not null,
  host text not null,
  path text not null,
  reason text not null,
  excerpt text not null,
  at timestamptz not null default now(),
  primary key (sequence, line)
);

-- 3. The fleet's revision: one step for each session a commit touched.
create table fleet (singleton boolean primary key default true check (singleton), revision bigint not null);
insert into fleet (revision) values (0);

-- 4. Checkpoints, which are the leases too.
create table checkpoint (
  partition smallint primary key,
  sequence bigint not null default 0,
  fact_id text,
  owner text,
  epoch bigint not null default 0,
  expires_at timestamptz
);
insert into checkpoint (partition) select generate_series(0, 15);
-- Moves a checkpoint and renews its lease, or fails: called last in every commit.
create function move_checkpoint(held_partition smallint, held_epoch bigint, from_sequence bigint, to_sequence bigint, to_fact text, lease_ms integer)
returns void language plpgsql as $$
begin
  update checkpoint set sequence = to_sequence, fact_id = to_fact, expires_at = now() + lease_ms * interval '1 millisecond'
    where partition = held_partition and epoch = held_epoch and sequence = from_sequence;
  if not found then
    raise exception 'the lease of partition % was lost', held_partition using errcode = 'TT001';
  end if;
end $$;

-- Replicas that run, so that partitions can be shared out.
create table ingest_replica (owner text primary key, seen_at timestamptz not null);

-- One leased clock moves statuses whose time has passed.
create table clock_lease (singleton boolean primary key default true check (singleton), owner text, epoch bigint not null default 0, expires_at timestamptz);
insert into clock_lease default values;
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop function move_checkpoint; drop table ingest_replica, clock_lease, checkpoint, fleet, quarantine, file_state, rollup_tool, rollup, session, usage, item, generation',
    );
  }
}
