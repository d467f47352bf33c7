import type { ClientBase } from 'pg';
import { binaryArray } from '../projecting/binary-array';
import type { SearchedItem } from './item-text';
import { titleKey } from './queued';

/** What one partition's commits changed, in their order. */
export interface QueuedRow {
  readonly id: number;
  readonly session_id: string;
  /** Null: the session is deleted. */
  readonly keys: readonly string[] | null;
}

/** An item or a title that was changed, as it is now. */
export interface ChangedRow extends SearchedItem {
  readonly session_id: string;
  /** Whether it is shown and counts: only then it is found. */
  readonly shown: boolean;
  /** Epoch ms; 0 where no record told a time. */
  readonly at: number;
  /** Names this state of the row. */
  readonly version: string;
}

export interface SearchDocument extends Pick<ChangedRow, 'session_id' | 'key' | 'at' | 'version'> {
  readonly vector: string;
}

export type DocumentName = Pick<ChangedRow, 'session_id' | 'key'>;

const position = 'select position from search_checkpoint where partition = $1';

/** The next rows behind the partition's checkpoint, and where that stands. */
export async function readQueue(
  client: ClientBase,
  partition: number,
  limit: number,
): Promise<{ readonly from: number; readonly rows: readonly QueuedRow[] }> {
  const { rows: checkpoints } = await client.query<{ position: number }>(position, [partition]);
  const from = checkpoints[0]?.position ?? 0;
  const { rows } = await client.query<QueuedRow>(
    'select id, session_id, keys from search_queue where partition = $1 and id > $2 order by id limit $3',
    [partition, from, limit],
  );
  return { from, rows };
}

/** The partitions of these that have something to read. */
export async function waitingPartitions(
  client: Pick<ClientBase, 'query'>,
  held: readonly number[],
): Promise<number[]> {
  const { rows } = await client.query<{ partition: number }>(
    `select partition from search_checkpoint c where partition = any($1::smallint[]) and exists (
       select 1 from search_queue q where q.partition = c.partition and q.id > c.position) order by partition`,
    [held],
  );
  return rows.map(({ partition }) => partition);
}

const time = (column: string) => `coalesce(extract(epoch from ${column}) * 1000, 0)::float8 as at`;

/** What is there of these now. A title that is the first prompt's text is no find of its own. */
export async function readChanged(client: ClientBase, names: readonly DocumentName[]): Promise<ChangedRow[]> {
  const items = names.filter(({ key }) => key !== titleKey);
  const titles = names.filter(({ key }) => key === titleKey).map((name) => name.session_id);
  const found = await client.query<ChangedRow>(
    `select i.session_id, i.key, i.kind, i.name, i.preview, i.input, i.parts, ${time('i.at')}, i.xmin::text as version,
       i.counted and i.used and i.kind <> 'compaction' as shown
     from unnest($1::text[], $2::text[]) as named(session_id, key)
     join item i on i.key = named.key and i.session_id = named.session_id`,
    arraysOf(items),
  );
  const titled = await client.query<ChangedRow>(
    `select id as session_id, '' as key, 'title' as kind, null as name, summary->>'title' as preview, null as input,
       '[]'::json as parts, ${time('started_at')}, '' as version, true as shown
     from session where id = any($1::text[]) and summary->>'title' is not null and not deleted
       and summary->>'title' is distinct from registers->'registers'->'firstPrompt'->>'value'`,
    [titles],
  );
  return [...found.rows, ...titled.rows];
}

/** Documents whose rows have changed since they were read are left out: those changes are queued, too. */
export async function upsertDocuments(
  client: ClientBase,
  documents: readonly SearchDocument[],
): Promise<void> {
  if (documents.length === 0) return;
  const column = <Key extends keyof SearchDocument>(name: Key) => documents.map((document) => document[name]);
  await client.query(
    `insert into search_document as d (session_id, key, at, tsv)
     select n.session_id, n.key, n.at, n.vector::tsvector
     from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[]) as n(session_id, key, at, vector, version)
     where n.key = '' and exists (select 1 from session s where s.id = n.session_id and not s.deleted)
       or exists (select 1 from item i where i.key = n.key and i.session_id = n.session_id and i.xmin::text = n.version)
     order by n.session_id, n.key
     on conflict (session_id, key) do update set at = excluded.at, tsv = excluded.tsv
       where (d.at, d.tsv) is distinct from (excluded.at, excluded.tsv)`,
    [
      binaryArray('text', column('session_id')),
      binaryArray('text', column('key')),
      binaryArray('timestamptz', column('at')),
      binaryArray('text', column('vector')),
      binaryArray('text', column('version')),
    ],
  );
}

export async function deleteDocuments(client: ClientBase, names: readonly DocumentName[]): Promise<void> {
  if (names.length === 0) return;
  await client.query(
    `delete from search_document d using unnest($1::text[], $2::text[]) as n(session_id, key)
     where d.session_id = n.session_id and d.key = n.key`,
    arraysOf(names),
  );
}

export async function deleteSessions(client: ClientBase, sessionIds: readonly string[]): Promise<void> {
  if (sessionIds.length === 0) return;
  await client.query('delete from search_document where session_id = any($1::text[])', [sessionIds]);
}

/** Those of these sessions that are deleted by now. */
export async function readDeleted(client: ClientBase, sessionIds: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    'select id from session where id = any($1::text[]) and deleted',
    [sessionIds],
  );
  return rows.map(({ id }) => id);
}

/**
 * The partition is read up to `to`. False where another replica was there first: nothing may be committed then.
 */
export async function moveCheckpoint(
  client: ClientBase,
  { partition, from, to }: { partition: number; from: number; to: number },
): Promise<boolean> {
  await client.query('delete from search_queue where partition = $1 and id <= $2', [partition, to]);
  const { rowCount } = await client.query(
    'update search_checkpoint set position = $3, moved_at = now() where partition = $1 and position = $2',
    [partition, from, to],
  );
  return rowCount === 1;
}

function arraysOf(names: readonly DocumentName[]): Buffer[] {
  return [
    binaryArray(
      'text',
      names.map((name) => name.session_id),
    ),
    binaryArray(
      'text',
      names.map(({ key }) => key),
    ),
  ];
}
