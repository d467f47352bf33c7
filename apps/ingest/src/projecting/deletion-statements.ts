import type { Changes } from '@telltale/domain';
import type { QueryConfig } from 'pg';
import { binaryArray } from './binary-array';
import { isEntombed, type FileState } from './file-state';

/** All rows of a session but its own, which stays as its tombstone, and but for claims that other sessions share. */
const wholly = ['rollup', 'rollup_tool', 'screenshot', 'search_document'] as const;
const unshared = { item: 'key', usage: 'message_key' } as const;

/**
 * What goes with deleted sessions, and with the facts of files that tombstones close. Under the locks of the sessions:
 * who writes rows of theirs holds the same. Claims that others share are settled with those, some at a time.
 */
export function deletionsOf(
  { deleted, removed }: Pick<Changes, 'deleted' | 'removed'>,
  files: ReadonlyMap<string, FileState>,
): QueryConfig[] {
  const entombed = [...files.values()].filter(isEntombed).map(({ file }) => file);
  return [
    ...(removed.length === 0
      ? []
      : Object.entries(unshared).map(([table, key]) => removal(table, key, removed))),
    ...(deleted.length === 0 ? [] : sessionDeletions(deleted)),
    ...(entombed.length === 0 ? [] : [quarantineDeletion(entombed)]),
  ];
}

function sessionDeletions(sessions: readonly string[]): QueryConfig[] {
  return [
    ...Object.entries(unshared).map(([table, key]) => ({
      name: `delete_unshared_${table}`,
      text: `delete from ${table} own where session_id = any($1::text[]) and not exists (
        select 1 from ${table} other where other.${key} = own.${key} and other.session_id <> own.session_id)`,
      values: [sessions],
    })),
    ...wholly.map((table) => ({
      name: `delete_${table}`,
      text: `delete from ${table} where session_id = any($1::text[])`,
      values: [sessions],
    })),
  ];
}

function removal(table: string, key: string, removed: Changes['removed']): QueryConfig {
  return {
    name: `remove_${table}`,
    text: `delete from ${table} own using unnest($1::text[], $2::text[]) as gone(key, session_id)
      where own.${key} = gone.key and own.session_id = gone.session_id`,
    values: [
      binaryArray(
        'text',
        removed.map((claim) => claim.key),
      ),
      binaryArray(
        'text',
        removed.map((claim) => claim.sessionId),
      ),
    ],
  };
}

function quarantineDeletion(files: readonly string[]): QueryConfig {
  return {
    name: 'delete_quarantined',
    text: 'delete from quarantine own using unnest($1::text[]) as gone(file) where own.file = gone.file',
    values: [files],
  };
}
