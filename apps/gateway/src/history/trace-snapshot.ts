import {
  usageColumns,
  usageOfRecord,
  type ClaimedItem,
  type OtherSession,
  type SessionState,
  type StoredUsage,
  type UsageRecord,
} from '@telltale/domain';
import type pg from 'pg';
import { mostRecords } from './history-problems';
import { epochMs, inSnapshot, readFiles, readState, type LoggedFile } from './session-snapshot';

/** What became of everything that a session's records state. */
export interface TraceSnapshot {
  readonly revision: string;
  readonly state: SessionState;
  readonly files: readonly LoggedFile[];
  readonly items: readonly ClaimedItem[];
  readonly rows: readonly StoredUsage[];
  /** By key: who owns what does not count in this session. */
  readonly owners: ReadonlyMap<string, string>;
  readonly sessions: ReadonlyMap<string, OtherSession>;
}

/** Undefined where there is no such session. */
export function readTrace(pool: pg.Pool, id: string): Promise<TraceSnapshot | undefined> {
  return inSnapshot(pool, async (client) => {
    const session = await readState(client, id);
    if (session === undefined) return undefined;
    const items = await readClaims(client, id);
    const rows = await readCandidates(client, id);
    const owners = await readOwners(client, id);
    const involved = new Set([id, ...owners.values(), ...rows.flatMap(({ owner }) => owner ?? [])]);
    const sessions = await readSessions(client, [...involved]);
    const files = await readFiles(client, session.state);
    return { ...session, files, items, rows, owners, sessions };
  });
}

interface ClaimRow extends Omit<ClaimedItem, 'at' | 'isError'> {
  readonly at: number | null;
  readonly is_error: boolean;
  readonly copied: boolean;
}

/** Of a message the first of its parts is enough, without its text. */
async function readClaims(client: pg.ClientBase, id: string): Promise<ClaimedItem[]> {
  const { rows } = await client.query<ClaimRow>(
    `select key, kind, counted, used, is_error, ${epochMs('at')} as at, parts @> '[{"c": 1}]' as copied,
       case when kind = 'tool' then parts else jsonb_build_array((parts->0) - 'p') end as parts
     from item where session_id = $1 and kind <> 'compaction' limit $2`,
    [id, mostRecords + 1],
  );
  return rows.map(({ at, is_error: isError, copied, parts, ...row }) => ({
    ...row,
    at: Math.round(at ?? 0),
    isError,
    parts: copied ? parts.map((part) => ({ ...part, c: 1 as const })) : parts,
  }));
}

async function readCandidates(client: pg.ClientBase, id: string): Promise<StoredUsage[]> {
  const { rows } = await client.query<UsageRecord>(
    `select ${usageColumns} from usage where message_key in
       (select message_key from usage where session_id = $1 union select message_key from usage where owner = $1) limit $2`,
    [id, mostRecords + 1],
  );
  return rows.map(usageOfRecord);
}

async function readOwners(client: pg.ClientBase, id: string): Promise<Map<string, string>> {
  const { rows } = await client.query<{ key: string; owner: string }>(
    `select claim.key, owner.session_id as owner from item claim join item owner on owner.key = claim.key and owner.counted
     where claim.session_id = $1 and not claim.counted`,
    [id],
  );
  return new Map(rows.map(({ key, owner }) => [key, owner]));
}

async function readSessions(
  client: pg.ClientBase,
  ids: readonly string[],
): Promise<Map<string, OtherSession>> {
  const { rows } = await client.query<{ id: string; started_at: number | null; forked: boolean }>(
    `select id, ${epochMs('started_at')} as started_at, coalesce(registers->'registers' ? 'forkedFrom', false) as forked
     from session where id = any($1::text[])`,
    [ids],
  );
  return new Map(rows.map(({ id, started_at: startedAt, forked }) => [id, { startedAt, forked }]));
}
