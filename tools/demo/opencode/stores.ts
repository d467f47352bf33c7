import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  openCodeDocument,
  openCodeStatements,
  openCodeTables,
  type OpenCodeRecord,
} from '@telltale/domain/testing/opencode-record';

/** Where OpenCode keeps its records; each is written when it begins, and again as it changes. */
export type Store = (record: OpenCodeRecord) => void;

/** The store of newer versions: one database for all sessions, written while others read. */
export function sqliteStore(root: string): Store {
  const path = join(root, 'opencode.db');
  const draft = join(root, 'draft.db');
  mkdirSync(root, { recursive: true });
  // Nobody looks at it before it can be read by others while it is written.
  const made = new DatabaseSync(draft);
  made.exec('pragma journal_mode = wal');
  for (const sql of openCodeTables) made.exec(sql);
  made.close();
  renameSync(draft, path);
  const database = new DatabaseSync(path);
  return (record) => {
    database.exec('begin');
    for (const { sql, values } of openCodeStatements(record)) database.prepare(sql).run(...values);
    database.exec('commit');
  };
}

/** That of earlier ones: a small file for each record. */
export function jsonStore(root: string): Store {
  return (record) => {
    const { path, text } = openCodeDocument(record);
    const whole = join(root, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, text);
  };
}
