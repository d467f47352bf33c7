import type { MigrationInterface, QueryRunner } from 'typeorm';
import { deriveAgain } from './0002-every-source';

/**
 * Full-text search, filled behind the live path (docs/adr/0028), and lists that are answered from indexes alone
 * whatever they filter by.
 */
export class Search1795000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- What is searched: visible items that count for their session, and with the empty key its title. tsv is made by
-- libs/domain's searching; beside the words it holds the day of \`at\` as '@<days since 1970>'.
create table search_document (
  session_id text not null,
  key text not null,
  at timestamptz not null,
  tsv tsvector not null,
  primary key (session_id, key)
);
create index search_document_time on search_document (at desc, session_id desc, key desc);
-- A short list of pending entries: every search reads all of it.
create index search_document_words on search_document using gin (tsv) with (gin_pending_list_limit = 1024);

-- What commits changed and the search has not read yet; keys null: the session is deleted. One partition's rows are
-- committed in the order of their ids, because its lease has one holder.
create table search_queue (
  partition smallint not null,
  id bigint generated always as identity,
  session_id text not null,
  keys json,
  primary key (partition, id)
) with (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);
alter table search_queue alter column keys set storage external;
create table search_checkpoint (partition smallint primary key, position bigint not null default 0, moved_at timestamptz);
insert into search_checkpoint (partition) select generate_series(0, 15);

-- All that a list filters and sorts by stands in one index, which counts and finds without the rows: those are wide.
-- The writer bounds what is included, so that an entry fits.
alter table session add column parent_id text, add column listed_text text;
create index session_parent on session (parent_id) where parent_id is not null;
drop index session_by_activity;
create index session_by_activity on session (last_activity_at desc nulls last, id desc) include (started_at, cost_pico,
  tokens_total, source, host, status, archived, parent_id, "user", project_path, project_name, models, listed_text);
-- Lists ask for what has no figure last, as of every other column.
drop index session_by_tokens;
create index session_by_tokens on session (tokens_total desc nulls last, id desc);
-- Pages and counts of a session's feed.
drop index item_feed;
create index item_feed on item (session_id, at, sequence, line, key) include (kind, used, agent_id);
-- What counts, by time: the ends of a range that is no whole number of quarters of an hour, and tool calls by model.
create index item_messages_at on item (at) include (session_id, model) where counted and kind in ('prompt', 'assistant');
create index item_tools_at on item (at) include (session_id, model, name) where counted and used and kind = 'tool';
create index usage_at on usage (at) where owner is not null;
${deriveAgain}
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop table search_document, search_queue, search_checkpoint;
drop index session_by_activity, session_by_tokens, item_feed, item_messages_at, item_tools_at, usage_at, session_parent;
alter table session drop column parent_id, drop column listed_text;
create index session_by_activity on session (last_activity_at desc nulls last, id desc);
create index session_by_tokens on session (tokens_total desc, id desc);
create index item_feed on item (session_id, at, sequence, line, key);
${deriveAgain}
`);
  }
}
