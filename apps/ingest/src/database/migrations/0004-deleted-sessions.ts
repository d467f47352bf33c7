import type { MigrationInterface, QueryRunner } from 'typeorm';
import { deriveAgain } from './0002-every-source';

/**
 * Sessions that are deleted for good, and which files told of them.
 */
export class DeletedSessions1795000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- A tombstone: nothing else is kept of the session.
alter table session add column deleted boolean not null default false;
create index session_deleted on session (id) where deleted;

-- sessions: all that the file's facts told of since its last tombstone, entombed: before it. tombstone: its sequence;
-- what told of deleted sessions before it goes. erased: the tombstone before which that is done. retry: its quarantined
-- records are to be read again.
alter table file_state add column sessions text[] not null default '{}', add column entombed text[] not null default '{}',
  add column tombstone bigint, add column erased bigint, add column retry boolean not null default false;
create index file_state_sessions on file_state using gin (sessions);
create index file_state_unerased on file_state (file) where tombstone is not null and erased is distinct from tombstone;
create index file_state_retry on file_state (partition) where retry;
-- By hash: what is set aside may have a name of any length.
create index quarantine_file on quarantine using hash (file);

-- Whether another session shows the same bytes.
create index screenshot_bytes on screenshot (sha256);
${deriveAgain}
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop index screenshot_bytes, quarantine_file, file_state_retry, file_state_unerased, file_state_sessions, session_deleted;
alter table file_state drop column sessions, drop column entombed, drop column tombstone, drop column erased, drop column retry;
alter table session drop column deleted;
${deriveAgain}
`);
  }
}
