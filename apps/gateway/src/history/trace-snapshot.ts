import type { ClaimedItem, OtherSession, SessionState, StoredUsage } from '@telltale/domain';
import type pg from 'pg';
import { mostRecords } from './history-problems';
import { inSnapshot, readFiles, readState, type LoggedFile } from './session-snapshot';

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

const ms = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

interface ClaimRow extends Omit<ClaimedItem, 'at' | 'isError'> {
  readonly at: number | null;
  readonly is_error: boolean;
  readonly copied: boolean;
}

/** Of a message the first of its parts is enough, without its text. */
async function readClaims(client: pg.ClientBase, id: string): Promise<ClaimedItem[]> {
  const { rows } = await client.query<ClaimRow>(
    `select key, kind, counted, used, is_error, ${ms('at')} as at, parts @> '[{"c": 1}]' as copied,
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

interface CandidateRow {
  readonly message_key: string;
  readonly session_id: string;
  readonly request_id: string;
  readonly sidechain: boolean;
  readonly uuid: string;
  readonly agent_id: string | null;
  readonly model: string;
  readonly speed: 'standard' | 'fast' | null;
  readonly at: number;
  readonly input: number;
  readonly output: number;
  readonly cache_write_5m: number;
  readonly cache_write_1h: number;
  readonly cache_read: number;
  readonly reasoning: number;
  readonly web_searches: number;
  readonly reported_pico: number | bigint | null;
  readonly sequence: number;
  readonly line: number;
  readonly owner: string | null;
  readonly cost_pico: number | bigint | null;
  readonly price_version: string | null;
}

async function readCandidates(client: pg.ClientBase, id: string): Promise<StoredUsage[]> {
  const { rows } = await client.query<CandidateRow>(
    `select message_key, session_id, request_id, sidechain, uuid, agent_id, model, speed, ${ms('at')} as at, input, output,
       cache_write_5m, cache_write_1h, cache_read, reasoning, web_searches, reported_pico, sequence, line, owner, cost_pico, price_version
     from usage where message_key in
       (select message_key from usage where session_id = $1 union select message_key from usage where owner = $1) limit $2`,
    [id, mostRecords + 1],
  );
  return rows.map(candidateOf);
}

function candidateOf(row: CandidateRow): StoredUsage {
  const { input, output, reasoning } = row;
  const [cacheWrite5m, cacheWrite1h, cacheRead] = [row.cache_write_5m, row.cache_write_1h, row.cache_read];
  const total = input + output + cacheWrite5m + cacheWrite1h + cacheRead;
  return {
    messageKey: row.message_key,
    sessionId: row.session_id,
    row: {
      requestId: row.request_id === '' ? null : row.request_id,
      sidechain: row.sidechain,
      uuid: row.uuid,
      agentId: row.agent_id,
      model: row.model,
      speed: row.speed,
      at: Math.round(row.at),
      tokens: { input, output, cacheWrite5m, cacheWrite1h, cacheRead, reasoning, total },
      webSearches: row.web_searches,
      ...(row.reported_pico === null ? {} : { reportedPico: BigInt(row.reported_pico) }),
    },
    place: { sequence: row.sequence, line: row.line, offset: 0 },
    owner: row.owner,
    costPico: row.cost_pico === null ? null : BigInt(row.cost_pico),
    priceVersion: row.price_version,
  };
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
    `select id, ${ms('started_at')} as started_at, coalesce(registers->'registers' ? 'forkedFrom', false) as forked
     from session where id = any($1::text[])`,
    [ids],
  );
  return new Map(rows.map(({ id, started_at: startedAt, forked }) => [id, { startedAt, forked }]));
}
