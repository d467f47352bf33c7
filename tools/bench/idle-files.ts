import { codexSession } from '@telltale/domain/testing/codex-session';
import {
  openCodeDocument,
  openCodeStatements,
  openCodeTables,
} from '@telltale/domain/testing/opencode-record';
import { openCodeSession } from '@telltale/domain/testing/opencode-session';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { seeded, SessionLines } from './corpus';

export interface IdleFiles {
  readonly folders: number;
  readonly filesPerFolder: number;
  /** Of Codex and of each of OpenCode's stores. */
  readonly otherSessions: number;
  /** When all of it changed last, before now. */
  readonly ageSeconds: number;
}

/** The sources' settings. */
export function idleRoots(folder: string) {
  return {
    CLAUDE_CONFIG_DIR: join(folder, 'claude'),
    CODEX_HOME: join(folder, 'codex'),
    OPENCODE_DATA_DIR: join(folder, 'opencode'),
  };
}

/** Many files in many folders, of many sessions. */
export function writeIdleFiles(folder: string, files: IdleFiles): void {
  const roots = idleRoots(folder);
  const startedAt = Date.now() - files.ageSeconds * 1000 - 3_600_000;
  writeTranscripts(roots.CLAUDE_CONFIG_DIR, files, startedAt);
  for (let n = 0; n < files.otherSessions; n++) {
    const { path, lines } = codexSession(`${hex(n)}-0000-7000-8000-000000000000`, startedAt);
    write(join(roots.CODEX_HOME, path), lines.map(({ text }) => `${text}\n`).join(''));
  }
  if (files.otherSessions > 0) writeOpenCode(roots.OPENCODE_DATA_DIR, files.otherSessions, startedAt);
  setAge(folder, Date.now() / 1000 - files.ageSeconds);
}

/** Of one answer each. */
function writeTranscripts(root: string, { folders, filesPerFolder }: IdleFiles, startedAt: number): void {
  const random = seeded(5);
  for (let n = 0; n < folders * filesPerFolder; n++) {
    const folder = Math.floor(n / filesPerFolder);
    const id = `${hex(folder)}-0000-4000-a000-0000${hex(n)}`;
    const lines = new SessionLines(id, random, startedAt);
    const path = join(root, 'projects', `-home-dev-app${folder}`, `${id}.jsonl`);
    write(path, [lines.prompt(), ...lines.answer(), ''].join('\n'));
  }
}

/** One store of each kind, with other sessions in it. */
function writeOpenCode(root: string, sessions: number, startedAt: number): void {
  mkdirSync(root, { recursive: true });
  const database = new DatabaseSync(join(root, 'opencode.db'));
  database.exec('pragma journal_mode = wal; pragma synchronous = off');
  for (const sql of openCodeTables) database.exec(sql);
  database.exec('begin');
  for (let n = 0; n < sessions; n++) {
    for (const { record } of openCodeSession(`rows ${n}`, startedAt))
      for (const { sql, values } of openCodeStatements(record)) database.prepare(sql).run(...values);
    for (const { record } of openCodeSession(`documents ${n}`, startedAt)) {
      const { path, text } = openCodeDocument(record);
      write(join(root, path), text);
    }
  }
  database.exec('commit');
  database.close();
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** @param changedAt epoch seconds */
function setAge(folder: string, changedAt: number): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) setAge(path, changedAt);
    else utimesSync(path, changedAt, changedAt);
  }
  utimesSync(folder, changedAt, changedAt);
}

function hex(number: number): string {
  return number.toString(16).padStart(8, '0');
}
