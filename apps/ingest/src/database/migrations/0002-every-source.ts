import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the tools beside Claude Code bring. A change of what is derived is made by deriving it again: everything goes,
 * the log is read from its first fact, and the new generation tells every client to ask again.
 */
export class EverySource1795000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table usage add column reported_pico bigint;
-- Two previews of 2 KiB lift most rows just above the 2 KB from which PostgreSQL compresses: a fifth of its time in a backfill.
alter table item set (toast_tuple_target = 8160);

-- Pictures of test runs. Their bytes lie in the byte stream under host and hash, in so many chunks.
create table screenshot (
  id text primary key,
  session_id text not null,
  filename text not null,
  sha256 text not null,
  media_type text not null,
  bytes bigint not null,
  host text not null,
  chunks integer not null
);
create index screenshot_session on screenshot (session_id);
${deriveAgain}
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table item reset (toast_tuple_target); alter table usage drop column reported_pico; drop table screenshot; ${deriveAgain}`,
    );
  }
}

/**
 * Empties all that is derived and reads the log from its first fact. Rows of deleted sessions stay: the log that holds the
 * commands may have been lost since.
 */
export const deriveAgain = `
truncate item, usage, rollup, rollup_tool, file_state, quarantine;
update generation set id = substr(md5(random()::text || clock_timestamp()::text), 1, 8), created_at = now();
update fleet set revision = 0;
update checkpoint set sequence = 0, fact_id = null;
do $$ begin
  if to_regclass('search_document') is not null then truncate search_document, search_queue; end if;
  if exists (select 1 from pg_attribute where attrelid = 'session'::regclass and attname = 'deleted' and not attisdropped)
  then delete from session where not deleted; else truncate session; end if;
end $$;
`;
