import {
  movesOwnership,
  priceOf,
  priceTableVersion,
  project,
  viewOf,
  type Changes,
  type Pricing,
  type Slice,
} from '@telltale/domain';
import type { ClientBase, Pool } from 'pg';
import { corked } from './corked';
import type { Folded } from './fold';
import {
  addRollups,
  addToolRollups,
  insertQuarantined,
  upsertFiles,
  upsertItems,
  upsertSessions,
  upsertUsage,
  type SessionRow,
} from './rows';
import {
  beginLocked,
  bucketOf,
  lockSessions,
  readItems,
  readSharedKeys,
  readUsage,
  type StoredSession,
} from './slice-reader';

/** The lease under which a commit moves a partition's checkpoint. */
export interface CheckpointMove {
  readonly partition: number;
  readonly epoch: number;
  readonly fromSequence: number;
  readonly toSequence: number;
  /** `ce-id` of the fact at `toSequence`. */
  readonly toFact: string | null;
  readonly leaseMs: number;
}

export interface CommittedSession {
  readonly stored: StoredSession | undefined;
  readonly row: SessionRow;
}

export interface Committed {
  readonly changes: Changes;
  readonly sessions: readonly CommittedSession[];
  /** Epoch ms. */
  readonly committedAt: number;
}

const pricing: Pricing = {
  version: priceTableVersion,
  priceOf: ({ row }) => priceOf(row).pico ?? null,
};

/** Buckets are wanted that were not locked when the transaction began. */
class MoreKeys {
  constructor(readonly keys: readonly string[]) {}
}

const attempts = 8;
const deadlock = '40P01';

/**
 * One transaction: rows and checkpoint. Locks in one order: message keys, sessions, rollups, checkpoint.
 * Two round trips where nothing is shared: the first reads under lock, the second writes and commits.
 *
 * @throws pg's DatabaseError; code TT001 when the lease was lost
 */
export async function commit(pool: Pool, folded: Folded, move: CheckpointMove): Promise<Committed> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    return await commitWith(client, folded, move);
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    // A connection whose state is unknown is not used again.
    client.release(failure !== undefined && !('code' in failure) ? failure : undefined);
  }
}

async function commitWith(client: ClientBase, folded: Folded, move: CheckpointMove): Promise<Committed> {
  let extraKeys: readonly string[] = [];
  for (let attempt = 1; ; attempt++) {
    try {
      const outcome = await attemptCommit(client, folded, { move, extraKeys });
      if (!(outcome instanceof MoreKeys)) return outcome;
      await client.query('rollback');
      extraKeys = outcome.keys;
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      if (attempt >= attempts || codeOf(error) !== deadlock) throw error;
    }
  }
}

async function attemptCommit(
  client: ClientBase,
  folded: Folded,
  { move, extraKeys }: { move: CheckpointMove; extraKeys: readonly string[] },
): Promise<Committed | MoreKeys> {
  const { draft } = folded;
  const keys = new Set(extraKeys);
  for (const item of draft.items.values()) keys.add(item.key);
  for (const candidate of draft.usage.values()) keys.add(candidate.messageKey);
  const buckets = new Set([...keys].map(bucketOf));
  const told = [...draft.sessions.keys()];
  const [, items, usage, known] = await corked(client, () =>
    Promise.all([
      beginLocked(client, buckets),
      readItems(client, [...keys]),
      readUsage(
        client,
        [...keys].filter((key) => key.startsWith('m:')),
      ),
      lockSessions(client, told),
    ]),
  );
  const stored = await lockOthers(client, {
    told,
    claimants: [...items, ...usage].map((row) => row.sessionId),
    known,
  });
  const moved = [...draft.sessions]
    .filter(([id, said]) => movesOwnership(stored.get(id)?.state, said))
    .map(([id]) => id);
  if (moved.length > 0) {
    const shared = await readSharedKeys(client, moved);
    if (shared.some((key) => !keys.has(key))) return new MoreKeys([...keys, ...shared]);
  }
  const states = new Map([...stored].map(([id, session]) => [id, session.state]));
  const slice: Slice = { items, usage, sessions: states };
  return write(client, folded, { move, stored, changes: project(draft, slice, pricing) });
}

/** Sessions that hold a claim but were not told of, and sessions that are new: a placeholder makes them lockable. */
async function lockOthers(
  client: ClientBase,
  {
    told,
    claimants,
    known,
  }: { told: readonly string[]; claimants: readonly string[]; known: Map<string, StoredSession> },
): Promise<Map<string, StoredSession>> {
  const others = [...new Set(claimants)].filter((id) => !known.has(id) && !told.includes(id));
  const fresh = told.filter((id) => !known.has(id)).sort();
  if (others.length === 0 && fresh.length === 0) return known;
  const [lockedOthers, inserted, lockedFresh] = await Promise.all([
    lockSessions(client, others),
    insertPlaceholders(client, fresh),
    lockSessions(client, fresh),
  ]);
  const stored = new Map([...known, ...lockedOthers]);
  // What we inserted ourselves is no stored session; what another transaction inserted meanwhile is.
  for (const [id, session] of lockedFresh) if (!inserted.has(id)) stored.set(id, session);
  return stored;
}

async function insertPlaceholders(client: ClientBase, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await client.query<{ id: string }>({
    name: 'insert_placeholders',
    text: `insert into session (id, source, host, status, revision, summary, detail, registers)
      select id, '', '', 'completed', 0, '{}', '{}', '{}' from unnest($1::text[]) as id order by id on conflict do nothing returning id`,
    values: [ids],
  });
  return new Set(rows.map(({ id }) => id));
}

async function write(
  client: ClientBase,
  folded: Folded,
  { move, stored, changes }: { move: CheckpointMove; stored: Map<string, StoredSession>; changes: Changes },
): Promise<Committed> {
  const now = Date.now();
  const sessions = changes.sessions.map(({ after }) => {
    const before = stored.get(after.id);
    return {
      stored: before,
      row: { state: after, view: viewOf(after, now), revision: (before?.revision ?? 0) + 1 },
    };
  });
  // Queued in the order of locks; the connection sends them all without waiting for answers.
  await corked(client, () =>
    Promise.all([
      upsertItems.run(client, changes.items),
      upsertUsage.run(client, changes.usage),
      upsertSessions.run(
        client,
        sessions.map(({ row }) => row),
      ),
      addRollups.run(client, changes.rollups),
      addToolRollups.run(client, changes.toolRollups),
      upsertFiles.run(client, [...folded.files.values()]),
      insertQuarantined.run(client, folded.quarantined),
      moveCheckpoint(client, move),
      client.query('commit'),
    ]),
  );
  return { changes, sessions, committedAt: performance.timeOrigin + performance.now() };
}

function moveCheckpoint(client: ClientBase, move: CheckpointMove): Promise<unknown> {
  return client.query({
    name: 'move_checkpoint',
    text: 'select move_checkpoint($1::smallint, $2, $3, $4, $5, $6)',
    values: [move.partition, move.epoch, move.fromSequence, move.toSequence, move.toFact, move.leaseMs],
  });
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
