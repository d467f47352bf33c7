import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which sessions changed since somebody looked, and what a project's sessions cost, without reading all of them. */
export class ChangedSessions1795000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- What budgets of projects sum up. First: the column locks readers out for as long as what follows it takes.
create index session_by_project on session (project_path) include (cost_pico, last_activity_at)
  where project_path is not null;

-- The transaction that wrote the row last; null: none since this column came. Whoever reads all that a snapshot does not
-- hold for sure, changed_in >= its xmin, misses nothing, in whatever order transactions commit (docs/adr/0038). By a
-- trigger: no writer can forget it.
alter table session add column changed_in xid8;
create function note_change() returns trigger language plpgsql as $body$
begin
  new.changed_in := pg_current_xact_id();
  return new;
end $body$;
create trigger session_changed before insert or update on session for each row execute function note_change();
create index session_changed_in on session (changed_in);
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop index session_by_project, session_changed_in;
drop trigger session_changed on session;
drop function note_change();
alter table session drop column changed_in;
`);
  }
}
