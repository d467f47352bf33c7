import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { READ_MODEL } from '../connections';
import { GatheredReads } from '../work/gathered-reads';
import { isSession } from './list-filters';

/** A revision on the wire: `<generation>.<n>`. Within a generation, n rises with every change. */
export function revisionText(generation: string, n: number | bigint | string): string {
  return `${generation}.${n}`;
}

/** Whether `revision` comes after `other`. Of another generation: yes, as far as anybody can tell. */
export function isAfter(revision: string, other: string): boolean {
  const [a, b] = [split(revision), split(other)];
  return a.generation === b.generation ? a.n > b.n : true;
}

/** Whether `revision` comes after `other`, of the same generation. */
export function isSurelyAfter(revision: string, other: string): boolean {
  return isAfter(revision, other) && !isAfter(other, revision);
}

function split(revision: string): { generation: string; n: bigint } {
  const dot = revision.lastIndexOf('.');
  const digits = revision.slice(dot + 1);
  return { generation: revision.slice(0, Math.max(dot, 0)), n: /^\d+$/.test(digits) ? BigInt(digits) : -1n };
}

interface FleetAndSessions {
  readonly fleet: string;
  /** Those that there are. */
  readonly sessions: ReadonlyMap<string, string>;
}

/**
 * The cheap question "has anything changed?": reads of single rows only. What is asked for while a read is under way is
 * read by the next one, all at once: nobody gets an answer whose reading began before they asked.
 */
@Injectable()
export class Revisions {
  private readonly reads: GatheredReads<string, FleetAndSessions>;

  constructor(@Inject(READ_MODEL) private readonly readModel: pg.Pool) {
    this.reads = new GatheredReads((ids) => this.read(ids));
  }

  async fleet(): Promise<string> {
    const { fleet } = await this.reads.ask();
    return fleet;
  }

  /** Undefined where there is no such session. */
  async session(id: string): Promise<string | undefined> {
    // No text of the database holds it, nor may one look for it: all who are read for together would be refused.
    if (id.includes('\0')) return undefined;
    const { sessions } = await this.reads.ask(id);
    return sessions.get(id);
  }

  /** Those of the fleet and of many sessions, in one query and one snapshot. */
  async many(ids: readonly string[]): Promise<FleetAndSessions> {
    const { rows } = await this.readModel.query<{
      generation: string;
      fleet: string;
      sessions: Record<string, string>;
    }>({
      name: 'many-revisions',
      text: `select g.id as generation, f.revision as fleet,
               (select coalesce(json_object_agg(s.id, s.revision::text), '{}') from session s where s.id = any($1) and ${isSession}) as sessions
             from generation g, fleet f`,
      values: [ids],
    });
    const row = rows[0];
    if (!row) throw new Error('the read model has no generation: its migration did not finish');
    const sessions = Object.entries(row.sessions).map(
      ([id, n]) => [id, revisionText(row.generation, n)] as const,
    );
    return { fleet: revisionText(row.generation, row.fleet), sessions: new Map(sessions) };
  }

  private async read(ids: ReadonlySet<string>): Promise<FleetAndSessions> {
    if (ids.size > 0) return this.many([...ids]);
    const { rows } = await this.readModel.query<{ generation: string; n: number | bigint }>({
      name: 'fleet-revision',
      text: 'select g.id as generation, f.revision as n from generation g, fleet f',
    });
    const row = rows[0];
    if (!row) throw new Error('the read model has no generation: its migration did not finish');
    return { fleet: revisionText(row.generation, row.n), sessions: new Map() };
  }
}
