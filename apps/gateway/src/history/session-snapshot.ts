import { factsSubjectRoot } from '@telltale/contracts';
import {
  countedColumns,
  countedOfRecord,
  kinOf,
  type CountedItem,
  type CountedRecord,
  type CountedUsage,
  type KnownFile,
  type SessionState,
} from '@telltale/domain';
import type pg from 'pg';
import { isSession } from '../sessions/list-filters';
import { mostRecords } from './history-problems';
import { revisionText } from '../sessions/revisions';

/** A file as far as it was read into the read model. */
export interface LoggedFile extends KnownFile {
  readonly subject: string;
  /** Sequence of the last fact that was read of it. */
  readonly last: number;
  readonly generation: string;
  /** Bytes of its present generation. */
  readonly bytes: number;
}

/** Everything the read model has of one session at one moment. */
export interface SessionSnapshot {
  readonly revision: string;
  readonly state: SessionState;
  readonly items: readonly CountedItem[];
  readonly usage: readonly CountedUsage[];
  readonly files: readonly LoggedFile[];
}

/** All that `read` asks sees the read model at one moment. */
export async function inSnapshot<T>(pool: pg.Pool, read: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await client.query('begin transaction isolation level repeatable read read only');
    const result = await read(client);
    await client.query('commit');
    return result;
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.release(failure); // what happened in its transaction is not known: it is not used again
  }
}

/** Undefined where there is no such session. */
export function readSession(pool: pg.Pool, id: string): Promise<SessionSnapshot | undefined> {
  return inSnapshot(pool, async (client) => {
    const session = await readState(client, id);
    if (session === undefined) return undefined;
    const items = await readItems(client, id);
    const usage = await readUsage(client, id);
    const files = await readFiles(client, session.state);
    return { ...session, items, usage, files };
  });
}

export async function readState(
  client: pg.ClientBase,
  id: string,
): Promise<Pick<SessionSnapshot, 'revision' | 'state'> | undefined> {
  const { rows } = await client.query<{
    generation: string;
    revision: number | bigint;
    registers: SessionState;
  }>(
    `select g.id as generation, s.revision, s.registers from generation g, session s where s.id = $1 and ${isSession}`,
    [id],
  );
  const [row] = rows;
  return row && { revision: revisionText(row.generation, row.revision), state: row.registers };
}

/** A time column as epoch ms, fractions and all. */
export const epochMs = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

interface ItemRow {
  readonly kind: CountedItem['kind'];
  readonly at: number | null;
  readonly agent_id: string | null;
  readonly model: string | null;
  readonly name: string | null;
  readonly is_error: boolean;
  readonly ended_at: number | null;
  readonly duration_ms: number | null;
}

async function readItems(client: pg.ClientBase, id: string): Promise<CountedItem[]> {
  const { rows } = await client.query<ItemRow>(
    `select kind, ${epochMs('at')} as at, agent_id, model, name, is_error, ${epochMs('ended_at')} as ended_at, duration_ms
     from item where session_id = $1 and counted and used and kind <> 'compaction' limit $2`,
    [id, mostRecords + 1],
  );
  return rows.map((row) => ({
    kind: row.kind,
    at: Math.round(row.at ?? 0),
    agentId: row.agent_id,
    model: row.model,
    name: row.name,
    isError: row.is_error,
    endedAt: row.ended_at === null ? null : Math.round(row.ended_at),
    durationMs: row.duration_ms,
  }));
}

async function readUsage(client: pg.ClientBase, id: string): Promise<CountedUsage[]> {
  const { rows } = await client.query<CountedRecord>(
    `select ${countedColumns} from usage where owner = $1 limit $2`,
    [id, mostRecords + 1],
  );
  return rows.map((row) => countedOfRecord(row, id));
}

interface FileRow {
  readonly file: string;
  readonly partition: number;
  readonly source: LoggedFile['source'];
  readonly host: string;
  readonly root: string;
  readonly path: string;
  readonly last_sequence: number;
  readonly generation: string;
  readonly offset: number;
}

const fileColumns = 'file, partition, source, host, root, path, last_sequence, generation, "offset"';

/** Files that tell of the session, and those beside them that may say something of it. */
export async function readFiles(client: pg.ClientBase, state: SessionState): Promise<LoggedFile[]> {
  const own = await client.query<FileRow>(`select ${fileColumns} from file_state where session_id = $1`, [
    state.id,
  ]);
  const names = kinOf(own.rows, Object.keys(state.processes));
  const known = new Set(own.rows.map(({ file }) => file));
  const kin = await client.query<FileRow>(
    `select ${fileColumns} from file_state where file = any($1::text[])`,
    [names.filter((name) => !known.has(name))],
  );
  return [...own.rows, ...kin.rows].map((row) => ({
    source: row.source,
    host: row.host,
    root: row.root,
    path: row.path,
    subject: `${factsSubjectRoot}.${row.partition}.${row.file}`,
    last: row.last_sequence,
    generation: row.generation,
    bytes: row.offset,
  }));
}
