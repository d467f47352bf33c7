import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { isAbsent } from '../../tailing/error-code';
import { StoreStatements } from './store-statements';

/** A store that is open for reading. */
export interface OpenStore {
  readonly device: number;
  readonly inode: number;
  /** Undefined: nothing was made in it yet. */
  readonly rows: StoreStatements | undefined;
}

/** Nobody waits for us, and we for nobody: the next change, or the sweep, tries again. */
const busyTimeoutMs = 20;
/** Byte of the header that says how the store is written, and its value for a write-ahead log. */
const writeVersionAt = 18;
const writeAheadLog = 2;

/**
 * Reads a store without leaving a trace. It is open only while `read` runs: a connection that stays would keep the
 * tool from tidying up its log when it ends, and whoever then puts another store in its place would mix the two.
 *
 * @returns undefined where there is no such file
 * @throws SQLite's errors, UnknownTablesError, and errors of the file system
 */
export function withStore<T>(path: string, read: (store: OpenStore) => T): T | undefined {
  const stats = existing(path);
  if (stats === undefined) return undefined;
  const database = new DatabaseSync(addressOf(path), { readOnly: true, timeout: busyTimeoutMs });
  try {
    return read({ device: stats.dev, inode: stats.ino, rows: StoreStatements.of(database) });
  } finally {
    database.close();
  }
}

function existing(path: string): { dev: number; ino: number } | undefined {
  try {
    const stats = statSync(path);
    return stats.isFile() ? stats : undefined;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Where no process has a store open there is no log beside it, and SQLite would make one even for a reader. */
function addressOf(path: string): URL {
  const url = pathToFileURL(path);
  if (usesLog(path) && !existsSync(`${path}-wal`)) url.searchParams.set('immutable', '1');
  return url;
}

function usesLog(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const byte = Buffer.alloc(1);
    return readSync(file, byte, 0, 1, writeVersionAt) === 1 && byte[0] === writeAheadLog;
  } finally {
    closeSync(file);
  }
}
