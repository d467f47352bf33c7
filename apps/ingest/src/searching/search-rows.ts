import type { ClientBase } from 'pg';
import { binaryArray } from '../projecting/binary-array';
import { corked } from '../projecting/corked';
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

/** A partition's queue is read from one row up to another. */
export interface QueueMove {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** The next rows behind the partition's checkpoint, and where that stands. */
export async function readQueue(
  client: ClientBase,
  partition: number,
  limit: number,
): Promise<{ readonly from: number; readonly rows: readonly QueuedRow[] }> {
  const { rows } = await client.query<{ position: number; id: number | null } & Omit<QueuedRow, 'id'>>({
    name: 'read_search_queue',
    text: `select c.position, q.* from search_checkpoint c left join lateral (
        select id, session_id, keys from search_queue where partition = c.partition and id > c.position order by id limit $2
      ) q on true where c.partition = $1 order by q.id`,
    values: [partition, limit],
  });
  return {
    from: rows[0]?.position ?? 0,
    rows: rows.flatMap(({ id, session_id, keys }) => (id === null ? [] : [{ id, session_id, keys }])),
  };
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
  const [found, titled] = await corked(client, () =>
    Promise.all([readItems(client, items), readTitles(client, titles)]),
  );
  return [...found, ...titled];
}

async function readItems(client: ClientBase, items: readonly DocumentName[]): Promise<ChangedRow[]> {
  if (items.length === 0) return [];
  const { rows } = await client.query<ChangedRow>({
    name: 'read_searched_items',
    text: `select i.session_id, i.key, i.kind, i.name, i.preview, i.input, i.parts, ${time('i.at')}, i.xmin::text as version,
       i.counted and i.used and i.kind <> 'compaction' as shown
     from unnest($1::text[], $2::text[]) as named(session_id, key)
     join item i on i.key = named.key and i.session_id = named.session_id`,
    values: arraysOf(items),
  });
  return rows;
}

async function readTitles(client: ClientBase, sessionIds: readonly string[]): Promise<ChangedRow[]> {
  if (sessionIds.length === 0) return [];
  const { rows } = await client.query<ChangedRow>({
    name: 'read_searched_titles',
    text: `select id as session_id, '' as key, 'title' as kind, null as name, summary->>'title' as preview, null as input,
       '[]'::json as parts, ${time('started_at')}, '' as version, true as shown
     from session where id = any($1::text[]) and summary->>'title' is not null and not deleted
       and summary->>'title' is distinct from registers->'registers'->'firstPrompt'->>'value'`,
    values: [sessionIds],
  });
  return rows;
}

/** Documents whose rows have changed since they were read are left out: those changes are queued, too. */
export async function upsertDocuments(
  client: ClientBase,
  documents: readonly SearchDocument[],
): Promise<void> {
  if (documents.length === 0) return;
  const column = <Key extends keyof SearchDocument>(name: Key) => documents.map((document) => document[name]);
  await client.query({
    name: 'upsert_search_documents',
    text: `insert into search_document as d (session_id, key, at, tsv)
     select n.session_id, n.key, n.at, n.vector::tsvector
     from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[]) as n(session_id, key, at, vector, version)
     where n.key = '' and exists (select 1 from session s where s.id = n.session_id and not s.deleted)
       or exists (select 1 from item i where i.key = n.key and i.session_id = n.session_id and i.xmin::text = n.version)
     order by n.session_id, n.key
     on conflict (session_id, key) do update set at = excluded.at, tsv = excluded.tsv
       where (d.at, d.tsv) is distinct from (excluded.at, excluded.tsv)`,
    values: [
      binaryArray('text', column('session_id')),
      binaryArray('text', column('key')),
      binaryArray('timestamptz', column('at')),
      binaryArray('text', column('vector')),
      binaryArray('text', column('version')),
    ],
  });
}

export async function deleteDocuments(client: ClientBase, names: readonly DocumentName[]): Promise<void> {
  if (names.length === 0) return;
  await client.query({
    name: 'delete_search_documents',
    text: `delete from search_document d using unnest($1::text[], $2::text[]) as n(session_id, key)
     where d.session_id = n.session_id and d.key = n.key`,
    values: arraysOf(names),
  });
}

/** Documents of those that are told to be deleted, and of those of `sessions` that are by now. */
export async function deleteSessions(
  client: ClientBase,
  { told, sessions }: { readonly told: readonly string[]; readonly sessions: readonly string[] },
): Promise<void> {
  await client.query({
    name: 'delete_searched_sessions',
    text: `delete from search_document where session_id = any($1::text[] || array(
       select id from session where id = any($2::text[]) and deleted))`,
    values: [told, sessions],
  });
}

/**
 * The partition is read up to `to`. False where another replica was there first: then nothing has changed.
 */
export async function moveCheckpoint(
  client: ClientBase,
  { partition, from, to }: QueueMove,
): Promise<boolean> {
  const { rows } = await client.query<{ moved: boolean }>({
    name: 'move_search_checkpoint',
    text: `with moved as (
       update search_checkpoint set position = $3, moved_at = now() where partition = $1 and position = $2 returning partition
     ), gone as (
       delete from search_queue q using moved where q.partition = moved.partition and q.id <= $3
     ) select count(*) = 1 as moved from moved`,
    values: [partition, from, to],
  });
  return rows[0]?.moved === true;
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
