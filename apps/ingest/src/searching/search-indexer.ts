import type { Logger } from '@telltale/platform';
import type { ClientBase, Pool } from 'pg';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isUnstorable } from '../consuming/unstorable';
import { corked } from '../projecting/corked';
import { documentVector } from './document-vector';
import type { FactLines } from './fact-lines';
import { textOfItem } from './item-text';
import {
  deleteDocuments,
  deleteSessions,
  moveCheckpoint,
  readChanged,
  readQueue,
  upsertDocuments,
  type DocumentName,
  type QueuedRow,
  type QueueMove,
  type SearchDocument,
} from './search-rows';

/** Commits that are read at once; one commit may have changed thousands of items. */
const queuedAtOnce = 64;
const namesAtOnce = 200;
/** Then the checkpoint moves: not all that is read at once is done again after a stop. */
const namesInGroup = 2_000;
/** Then the live path has a turn. */
const msPerTurn = 2;
/** Larger ones have a transaction of their own. */
const bytesAtOnce = 512 * 1024;

/** Another replica reads this partition now. */
export class OvertakenError extends Error {
  override readonly name = 'OvertakenError';
}

/** Takes queued changes to committed documents. */
export class SearchIndexer {
  constructor(
    private readonly pool: Pool,
    private readonly lines: FactLines,
    private readonly logger: Logger,
  ) {}

  /**
   * Reads on behind the partition's checkpoint; whether there may be more.
   *
   * @param turn awaited between portions, for what goes before
   * @throws OvertakenError; what a server throws that is away. Then the same is read again.
   */
  async step(partition: number, turn: () => Promise<void>): Promise<boolean> {
    const client = await this.pool.connect();
    try {
      const { from, rows } = await readQueue(client, partition, queuedAtOnce);
      let position = from;
      for (const group of groupsOf(rows)) {
        const to = group.at(-1)?.id ?? position;
        await this.read(client, group, turn);
        if (!(await finish(client, group, { partition, from: position, to })))
          throw new OvertakenError(`partition ${partition} is searched by another replica`);
        position = to;
      }
      return rows.length === queuedAtOnce;
    } finally {
      this.lines.forget();
      client.release();
    }
  }

  /** What commits left to be merged into the index; every search reads it until then. */
  async tidy(): Promise<void> {
    await this.pool.query("select gin_clean_pending_list('search_document_words'::regclass)");
  }

  private async read(
    client: ClientBase,
    rows: readonly QueuedRow[],
    turn: () => Promise<void>,
  ): Promise<void> {
    const names = distinct(
      rows.flatMap((row) => (row.keys ?? []).map((key) => ({ session_id: row.session_id, key }))),
    );
    for (let at = 0; at < names.length; at += namesAtOnce) {
      await this.index(client, names.slice(at, at + namesAtOnce));
      await turn();
    }
  }

  private async index(client: ClientBase, names: readonly DocumentName[]): Promise<void> {
    const shown = (await readChanged(client, names)).filter((row) => row.shown);
    const found = new Set(shown.map(nameOf));
    const removed = names.filter((name) => !found.has(nameOf(name)));
    let documents: SearchDocument[] = [];
    let bytes = 0;
    let turnAt = performance.now() + msPerTurn;
    for (const row of shown) {
      if (performance.now() > turnAt) {
        await nextTurn();
        turnAt = performance.now() + msPerTurn;
      }
      const { session_id, key, at, version } = row;
      const vector = await documentVector(await textOfItem(row, this.lines), at);
      documents.push({ session_id, key, at, version, vector });
      bytes += vector.length;
      if (bytes < bytesAtOnce) continue;
      await this.write(client, documents);
      documents = [];
      bytes = 0;
    }
    await this.write(client, documents, removed);
  }

  /** One document that cannot be stored stops no other: each by itself then, without it. */
  private async write(
    client: ClientBase,
    documents: readonly SearchDocument[],
    removed: readonly DocumentName[] = [],
  ): Promise<void> {
    try {
      await corked(client, () =>
        Promise.all([deleteDocuments(client, removed), upsertDocuments(client, documents)]),
      );
    } catch (error) {
      if (!isUnstorable(error)) throw error;
      const [only] = documents;
      if (only === undefined) throw error;
      if (documents.length > 1) {
        for (const document of documents) await this.write(client, [document]);
        return this.write(client, [], removed);
      }
      this.logger.warn('a message cannot be searched', { key: only.key, problem: error.message });
      await deleteDocuments(client, [...removed, only]);
    }
  }
}

/** Rows that follow one another: a stop costs no more than what one group's take. */
function* groupsOf(rows: readonly QueuedRow[]): Generator<QueuedRow[]> {
  let group: QueuedRow[] = [];
  let size = 0;
  for (const row of rows) {
    group.push(row);
    size += row.keys?.length ?? 0;
    if (size < namesInGroup) continue;
    yield group;
    group = [];
    size = 0;
  }
  if (group.length > 0) yield group;
}

/**
 * Moves the checkpoint; false where another replica was there first. Before it goes what stands of sessions that are
 * deleted, also of those whose documents were just committed: what deletes a session cannot see what is being written
 * beside it, and its own row in a queue may be read before that is committed.
 */
async function finish(client: ClientBase, rows: readonly QueuedRow[], move: QueueMove): Promise<boolean> {
  const told = rows.filter(({ keys }) => keys === null).map((row) => row.session_id);
  const sessions = [...new Set(rows.map((row) => row.session_id))];
  const [, isMoved] = await corked(client, () =>
    Promise.all([deleteSessions(client, { told, sessions }), moveCheckpoint(client, move)]),
  );
  return isMoved;
}

function nameOf({ session_id, key }: DocumentName): string {
  return `${session_id}\0${key}`;
}

function distinct(names: readonly DocumentName[]): DocumentName[] {
  return [...new Map(names.map((name) => [nameOf(name), name])).values()];
}
