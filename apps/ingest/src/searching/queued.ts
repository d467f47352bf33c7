import type { Changes } from '@telltale/domain';
import type { QueryConfig } from 'pg';
import { binaryArray } from '../projecting/binary-array';
import type { CommittedSession } from '../projecting/projector';
import { storableJson } from '../projecting/storable';

/** In the place of an item's key: the title of the session. */
export const titleKey = '';

/**
 * Notes, in the commit that changes them, what the search has to read: one row a session. Undefined where nothing
 * changed that is searched.
 */
export function queuedForSearch(
  partition: number,
  { items, deleted }: Pick<Changes, 'items' | 'deleted'>,
  sessions: readonly CommittedSession[],
): QueryConfig | undefined {
  const keys = new Map<string, string[] | null>();
  const note = (sessionId: string, key: string) => {
    const known = keys.get(sessionId);
    if (known) known.push(key);
    else keys.set(sessionId, [key]);
  };
  for (const { stored, row } of sessions) if (isRetitled(stored, row)) note(row.state.id, titleKey);
  for (const { key, sessionId, kind } of items) if (kind !== 'compaction') note(sessionId, key);
  for (const sessionId of deleted) keys.set(sessionId, null);
  if (keys.size === 0) return undefined;
  return {
    name: 'queue_for_search',
    text: `insert into search_queue (partition, session_id, keys)
      select $1, session_id, keys::json from unnest($2::text[], $3::text[]) as changed(session_id, keys)`,
    values: [
      partition,
      binaryArray('text', [...keys.keys()]),
      binaryArray(
        'text',
        [...keys.values()].map((list) => list && storableJson(list)),
      ),
    ],
  };
}

/** A title stands at the session's start. */
function isRetitled(stored: CommittedSession['stored'], { view }: CommittedSession['row']): boolean {
  const before = stored?.summary;
  const { title, startedAt } = view.summary;
  return title !== (before?.title ?? null) || (title !== null && startedAt !== before?.startedAt);
}
