import type { Session, Summary } from '@telltale/contracts';
import {
  usageColumns,
  usageOfRecord,
  type Item,
  type ItemPart,
  type SessionState,
  type StoredUsage,
  type UsageRecord,
} from '@telltale/domain';
import type { ClientBase } from 'pg';
import { binaryArray } from './binary-array';

export interface StoredSession {
  readonly state: SessionState;
  readonly revision: number;
  readonly summary: Omit<Summary, 'revision'>;
  readonly detail: Omit<Session, keyof Summary>;
}

/** Every claim of the given keys. */
export async function readItems(client: ClientBase, keys: readonly string[]): Promise<Item[]> {
  if (keys.length === 0) return [];
  const { rows } = await client.query<ItemRow>({
    name: 'read_items',
    text: itemsSql,
    values: [binaryArray('text', keys)],
  });
  return rows.map(itemOf);
}

/** Every candidate of the given message keys. */
export async function readUsage(client: ClientBase, messageKeys: readonly string[]): Promise<StoredUsage[]> {
  if (messageKeys.length === 0) return [];
  const { rows } = await client.query<UsageRecord>({
    name: 'read_usage',
    text: usageSql,
    values: [binaryArray('text', messageKeys)],
  });
  return rows.map(usageOfRecord);
}

/** Locks and reads sessions, sorted by id. */
export async function lockSessions(
  client: ClientBase,
  ids: readonly string[],
): Promise<Map<string, StoredSession>> {
  if (ids.length === 0) return new Map();
  const { rows } = await client.query<SessionDbRow>({
    name: 'lock_sessions',
    text: sessionsSql,
    values: [ids],
  });
  return new Map(
    rows.map((row) => [
      row.id,
      { state: row.registers, revision: row.revision, summary: row.summary, detail: row.detail },
    ]),
  );
}

/** Keys that a session shares with others. */
export async function readSharedKeys(client: ClientBase, sessionIds: readonly string[]): Promise<string[]> {
  if (sessionIds.length === 0) return [];
  const { rows } = await client.query<{ key: string }>({
    name: 'read_shared_keys',
    text: sharedSql,
    values: [sessionIds],
  });
  return rows.map(({ key }) => key);
}

/** The first keys that sessions claim, so many of items and of usage: those that they share with others before all else. */
export async function readClaimedKeys(
  client: ClientBase,
  sessionIds: readonly string[],
  limit: number,
): Promise<string[]> {
  if (sessionIds.length === 0) return [];
  for (const which of ['shared', 'any'] as const) {
    const { rows } = await client.query<{ key: string }>({
      name: `read_claimed_keys_${which}`,
      text: claimedSql[which],
      values: [sessionIds, limit],
    });
    if (rows.length > 0) return rows.map(({ key }) => key);
  }
  return [];
}

const ms = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

const itemsSql = `select key, session_id, kind, counted, ${ms('at')} as at, agent_id, model, name, preview, input, is_error, used,
  ${ms('ended_at')} as ended_at, duration_ms, parts from item where key = any($1::text[])`;

const usageSql = `select ${usageColumns} from usage where message_key = any($1::text[])`;

const sessionsSql = `select id, revision, registers, summary, detail from session where id = any($1::text[]) order by id for update`;

const sharedSql = `select key from item where session_id = any($1::text[])
  and exists (select 1 from item other where other.key = item.key and other.session_id <> item.session_id)
  union select message_key from usage where session_id = any($1::text[])
  and exists (select 1 from usage other where other.message_key = usage.message_key and other.session_id <> usage.session_id)`;

const claimedOf = (table: string, key: string, which: 'shared' | 'any') =>
  `(select ${key} as key from ${table} own where session_id = any($1::text[]) ${
    which === 'any'
      ? ''
      : `and exists (select 1 from ${table} other where other.${key} = own.${key} and other.session_id <> own.session_id)`
  } order by ${key} limit $2)`;
const claimedBy = (which: 'shared' | 'any') =>
  `${claimedOf('item', 'key', which)} union ${claimedOf('usage', 'message_key', which)}`;
const claimedSql = { shared: claimedBy('shared'), any: claimedBy('any') };

interface ItemRow {
  readonly key: string;
  readonly session_id: string;
  readonly kind: Item['kind'];
  readonly counted: boolean;
  readonly at: number | null;
  readonly agent_id: string | null;
  readonly model: string | null;
  readonly name: string | null;
  readonly preview: string;
  readonly input: string | null;
  readonly is_error: boolean;
  readonly used: boolean;
  readonly ended_at: number | null;
  readonly duration_ms: number | null;
  readonly parts: ItemPart[];
}

interface SessionDbRow {
  readonly id: string;
  readonly revision: number;
  readonly registers: SessionState;
  readonly summary: Omit<Summary, 'revision'>;
  readonly detail: Omit<Session, keyof Summary>;
}

function itemOf(row: ItemRow): Item {
  return {
    key: row.key,
    sessionId: row.session_id,
    kind: row.kind,
    counted: row.counted,
    at: Math.round(row.at ?? 0),
    agentId: row.agent_id,
    model: row.model,
    name: row.name,
    preview: row.preview,
    input: row.input,
    isError: row.is_error,
    used: row.used,
    endedAt: row.ended_at === null ? null : Math.round(row.ended_at),
    durationMs: row.duration_ms,
    parts: row.parts,
  };
}
