import { decoderOf } from '@telltale/domain';
import type { Pool } from 'pg';

/** A file of the log that told of deleted sessions. */
export interface ToldFile {
  /** `<source>.<host token>.<hash>`: the tail of its subject. */
  readonly file: string;
  readonly partition: number;
  readonly source: string;
  readonly host: string;
  /** Empty where all its facts are to go. */
  readonly path: string;
  readonly root: string;
  readonly deleted: readonly string[];
  /** Sessions that it told of too, and that stay. */
  readonly living: readonly string[];
  /** Sequence of its last tombstone that was read; null while there is none. */
  readonly tombstone: number | null;
}

/** Whether it is theirs alone: then all of it goes, and nothing more of it is wanted. */
export function isDeletedOnes(file: ToldFile): boolean {
  const { source, deleted, living } = file;
  return deleted.length > 0 && living.length === 0 && decoderOf(source)?.tellsOfMany?.(file) !== true;
}

/** At most so many at once: a session of OpenCode is made of thousands of files. */
const batch = 500;

const named = (ids: string, condition: string) =>
  `array(select s.id from session s where s.id = any(${ids}) and ${condition} order by s.id)`;
const columns = 'f.file, f.partition, f.source, f.host, f.path, f.root, f.tombstone';

/** Files that told of deleted sessions behind their last tombstone. */
export async function filesToEntomb(pool: Pool): Promise<ToldFile[]> {
  const { rows } = await pool.query<ToldFile>({
    name: 'files_to_entomb',
    text: `select ${columns}, ${named('f.sessions', 's.deleted')} as deleted,
        ${named('f.sessions || f.entombed', 'not s.deleted')} as living
      from file_state f where f.sessions && array(select id from session where deleted)
      order by f.file limit ${batch}`,
  });
  return rows;
}

/**
 * Files with facts before their tombstone that are to go. Their partitions' checkpoints have passed it. One that told of
 * nobody who is deleted waits: the command may be read later than the tombstone, and a watcher may have written it.
 */
export async function filesToErase(pool: Pool): Promise<ToldFile[]> {
  const { rows } = await pool.query<ToldFile>({
    name: 'files_to_erase',
    text: `select ${columns}, ${named('f.entombed', 's.deleted')} as deleted, ${named('f.entombed', 'not s.deleted')} as living
      from file_state f where f.tombstone is not null and f.erased is distinct from f.tombstone
        and (f.entombed = '{}' or f.entombed && array(select id from session where deleted))
      order by f.file limit ${batch}`,
  });
  return rows;
}

/** All that was to go before this tombstone is gone. */
export async function noteErased(pool: Pool, { file, tombstone }: ToldFile): Promise<void> {
  await pool.query({
    name: 'note_erased',
    text: 'update file_state set erased = $2 where file = $1',
    values: [file, tombstone],
  });
}

/** Of these sessions the ones that are deleted. */
export async function deletedOf(pool: Pool, sessions: readonly string[]): Promise<Set<string>> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'deleted_of',
    text: 'select id from session where id = any($1::text[]) and deleted',
    values: [sessions],
  });
  return new Set(rows.map(({ id }) => id));
}

/** Whether any session shows a picture with these bytes. */
export async function isShown(pool: Pool, host: string, sha256: string): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'picture_shown',
    text: 'select 1 from screenshot where host = $1 and sha256 = $2 limit 1',
    values: [host, sha256],
  });
  return rowCount !== 0;
}
