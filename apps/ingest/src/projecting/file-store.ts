import type { Pool } from 'pg';
import type { FileState } from './file-state';

/** States of the files this replica reads, kept in memory between batches; the table is the truth. */
export class FileStore {
  private readonly known = new Map<string, FileState>();

  constructor(private readonly pool: Pool) {}

  async read(files: readonly string[]): Promise<Map<string, FileState>> {
    const missing = files.filter((file) => !this.known.has(file));
    if (missing.length > 0) {
      const { rows } = await this.pool.query<FileRow>({
        name: 'read_files',
        text: filesSql,
        values: [missing],
      });
      for (const row of rows) this.known.set(row.file, stateOf(row));
    }
    const found = new Map<string, FileState>();
    for (const file of files) {
      const state = this.known.get(file);
      if (state !== undefined) found.set(file, state);
    }
    return found;
  }

  /** After a commit: these are the states now. */
  keep(files: ReadonlyMap<string, FileState>): void {
    for (const [file, state] of files) {
      this.known.delete(file);
      this.known.set(file, state);
    }
    // The least recently changed go first: a backfill touches each file once.
    for (const file of this.known.keys()) {
      if (this.known.size <= keptFiles) break;
      this.known.delete(file);
    }
  }

  /** A partition was lost or failed: what is remembered of it may be wrong. */
  forget(partition: number): void {
    for (const [file, state] of this.known) if (state.partition === partition) this.known.delete(file);
  }
}

const keptFiles = 5_000;

const filesSql = `select file, partition, source, host, path, root, generation, "offset", decoder_version, state, session_id, sessions, entombed, tombstone, part_sequence,
  last_sequence, removed, parked from file_state where file = any($1::text[])`;

interface FileRow {
  readonly file: string;
  readonly partition: number;
  readonly source: string;
  readonly host: string;
  readonly path: string;
  readonly root: string;
  readonly generation: string;
  readonly offset: number;
  readonly decoder_version: number;
  readonly state: FileState['state'];
  readonly session_id: string | null;
  readonly sessions: string[];
  readonly entombed: string[];
  readonly tombstone: number | null;
  readonly part_sequence: number | null;
  readonly last_sequence: number;
  readonly removed: boolean;
  readonly parked: string | null;
}

function stateOf(row: FileRow): FileState {
  return {
    file: row.file,
    partition: row.partition,
    source: row.source,
    host: row.host,
    path: row.path,
    root: row.root,
    generation: row.generation,
    offset: row.offset,
    decoderVersion: row.decoder_version,
    state: row.state,
    sessionId: row.session_id,
    sessions: row.sessions,
    entombed: row.entombed,
    tombstone: row.tombstone,
    partSequence: row.part_sequence,
    lastSequence: row.last_sequence,
    removed: row.removed,
    parked: row.parked,
  };
}
