import {
  movesOwnership,
  type BatchDraft,
  priceOf,
  priceTableVersion,
  project,
  viewOf,
  type Changes,
  type Pricing,
  type Slice,
} from '@telltale/domain';
import type { ClientBase, Pool } from 'pg';
import { checkpointsFirst, type CommitPlace } from './checkpoint-statements';
import { corked } from './corked';
import { deletionsOf } from './deletion-statements';
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
import { queuedForSearch } from '../searching/queued';
import { changedScreenshots, upsertScreenshots } from './screenshots';
import {
  lockSessions,
  readClaimedKeys,
  readItems,
  readSharedKeys,
  readUsage,
  type StoredSession,
} from './slice-reader';

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

/** Claims of deleted sessions that one transaction settles: it must not stand idle for a second between reading and writing. */
const settledAtOnce = 1_000;
const attempts = 8;
/**
 * Another transaction was in the way: they waited for each other, or both counted the same key for a session of
 * theirs, which unique indexes forbid. Read again, it is all plain.
 */
const passing: readonly (string | undefined)[] = ['40P01', '23505'];

/**
 * One transaction: rows and checkpoints. Locks in one order: sessions, their rows, rollups, checkpoints. Two round trips
 * where nothing is shared: the first locks and reads, the second writes and commits.
 *
 * @throws pg's DatabaseError; code TT001 when the lease was lost
 */
export async function commit(pool: Pool, folded: Folded, place: CommitPlace): Promise<Committed> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    return await commitWith(client, folded, place);
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    // A connection whose state is unknown is not used again.
    client.release(failure !== undefined && !('code' in failure) ? failure : undefined);
  }
}

async function commitWith(client: ClientBase, folded: Folded, place: CommitPlace): Promise<Committed> {
  const met = new Set<string>();
  for (let attempt = 1; ;) {
    try {
      const slice = await readSlice(client, folded.draft, met);
      if (slice !== undefined) {
        const changes = project(folded.draft, slice, pricing);
        return await write(client, folded, { place, stored: slice.stored, changes });
      }
      await client.query('rollback');
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      if (attempt++ >= attempts || !passing.includes(codeOf(error))) throw error;
    }
  }
}

interface StoredSlice extends Slice {
  readonly stored: ReadonlyMap<string, StoredSession>;
}

/**
 * Locks the sessions of the batch, then reads all claims of its keys. All that was read must stand under a lock: where
 * others hold a claim beside them, those are noted in `met`, and undefined says to begin again. So all are locked at
 * once, in one order, and no two transactions wait for each other. A first claim that another transaction has not
 * committed yet cannot be seen: then both count the key, and the index of owners stops the later one.
 *
 * @param met sessions that an earlier try met, locked from the beginning
 */
async function readSlice(
  client: ClientBase,
  draft: BatchDraft,
  met: Set<string>,
): Promise<StoredSlice | undefined> {
  const told = [...draft.sessions.keys()];
  const locked = new Set([...told, ...met]);
  const keys = keysOf(draft);
  let [stored, claims] = await corked(client, () =>
    Promise.all([
      client.query('begin').then(() => undefined),
      lockSessions(client, [...locked]),
      readClaims(client, keys),
    ]).then(([, sessions, read]) => [sessions, read] as const),
  );
  const fresh = await takeFresh(client, told.filter((id) => !stored.has(id)).sort());
  let again = fresh.size > 0;
  stored = new Map([...stored, ...fresh]);
  for (;;) {
    const others = othersOf(claims, locked);
    for (const id of others) met.add(id);
    if (others.length > 0) return undefined;
    const shared = await sharedByMoved(client, draft, stored);
    const more = shared.filter((key) => !keys.has(key));
    if (more.length === 0 && !again) break;
    for (const key of more) keys.add(key);
    claims = await readClaims(client, keys);
    again = false;
  }
  const sessions = new Map([...stored].map(([id, session]) => [id, session.state]));
  return { ...claims, sessions, stored };
}

function keysOf(draft: BatchDraft): Set<string> {
  const keys = new Set<string>();
  for (const item of draft.items.values()) keys.add(item.key);
  for (const candidate of draft.usage.values()) keys.add(candidate.messageKey);
  return keys;
}

type Claims = Pick<Slice, 'items' | 'usage'>;

async function readClaims(client: ClientBase, keys: ReadonlySet<string>): Promise<Claims> {
  const messages = [...keys].filter((key) => key.startsWith('m:'));
  const [items, usage] = await Promise.all([readItems(client, [...keys]), readUsage(client, messages)]);
  return { items, usage };
}

function othersOf(claims: Claims, locked: ReadonlySet<string>): string[] {
  // One that was deleted may still own what it claims no more.
  const owners = claims.usage.map((row) => row.owner).filter((owner) => owner !== null);
  const claimants = [...[...claims.items, ...claims.usage].map((row) => row.sessionId), ...owners];
  return [...new Set(claimants)].filter((id) => !locked.has(id));
}

/** Keys whose owner must be decided again because a session of the batch now starts earlier, or is deleted. */
async function sharedByMoved(
  client: ClientBase,
  draft: BatchDraft,
  stored: ReadonlyMap<string, StoredSession>,
): Promise<string[]> {
  const deleted = [...draft.sessions].filter(([, said]) => said.deleted === true).map(([id]) => id);
  const moved = [...draft.sessions]
    .filter(([id, said]) => said.deleted !== true && movesOwnership(stored.get(id)?.state, said))
    .map(([id]) => id);
  const [shared, claimed] = await Promise.all([
    readSharedKeys(client, moved),
    readClaimedKeys(client, deleted, settledAtOnce),
  ]);
  return [...shared, ...claimed];
}

/**
 * New sessions: a placeholder makes them lockable. What we inserted ourselves is no stored session; what another
 * transaction inserted meanwhile is, and is given back.
 */
async function takeFresh(client: ClientBase, ids: readonly string[]): Promise<Map<string, StoredSession>> {
  if (ids.length === 0) return new Map();
  const [inserted, locked] = await corked(client, () =>
    Promise.all([insertPlaceholders(client, ids), lockSessions(client, ids)]),
  );
  return new Map([...locked].filter(([id]) => !inserted.has(id)));
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
  {
    place,
    stored,
    changes,
  }: { place: CommitPlace; stored: ReadonlyMap<string, StoredSession>; changes: Changes },
): Promise<Committed> {
  const now = Date.now();
  const sessions = changes.sessions.map(({ after }) => {
    const before = stored.get(after.id);
    return {
      stored: before,
      row: { state: after, view: viewOf(after, now), revision: (before?.revision ?? 0) + 1 },
    };
  });
  // In the order of locks. All are made before the first is sent: one that cannot be made leaves nothing written.
  const statements = [
    // Keys of deleted sessions are free before others take them.
    ...deletionsOf(changes, folded.files),
    // Who loses a key first, then who gets it: at no moment may two own it.
    upsertItems.of(ownersLast(changes.items, (item) => item.counted)),
    upsertUsage.of(ownersLast(changes.usage, (usage) => usage.owner !== null)),
    upsertSessions.of(sessions.map(({ row }) => row)),
    upsertScreenshots.of(changedScreenshots(changes.sessions)),
    addRollups.of(changes.rollups),
    addToolRollups.of(changes.toolRollups),
    upsertFiles.of([...folded.files.values()]),
    insertQuarantined.of(folded.quarantined),
    ...checkpointsFirst(place, queuedForSearch(place.partition, changes, sessions)),
    { text: 'commit' },
  ].filter((statement) => statement !== undefined);
  // The connection sends them all without waiting for answers.
  await corked(client, () => Promise.all(statements.map((statement) => client.query(statement))));
  return { changes, sessions, committedAt: performance.timeOrigin + performance.now() };
}

function ownersLast<T>(rows: readonly T[], owns: (row: T) => boolean): T[] {
  return [...rows.filter((row) => !owns(row)), ...rows.filter(owns)];
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
