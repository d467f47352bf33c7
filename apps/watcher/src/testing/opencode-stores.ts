import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { decoderOf } from '@telltale/domain';
import {
  MemoryReadModel,
  openCodeDocument,
  openCodeStatements,
  openCodeTables,
  type OpenCodeRecord,
} from '@telltale/domain/testing';
import type { ReadFact } from './facts';

/** A growing SQLite store, written by a connection of its own, as OpenCode does. */
export class SqliteStoreWriter {
  readonly database: DatabaseSync;

  constructor(readonly path: string) {
    this.database = new DatabaseSync(path);
    this.database.exec('pragma journal_mode = wal; pragma synchronous = off');
    const { tables } = this.database.prepare('select count(*) as tables from sqlite_master').get() ?? {};
    if (tables === 0) for (const sql of openCodeTables) this.database.exec(sql);
  }

  /** Each record in a transaction of its own. */
  write(...records: readonly OpenCodeRecord[]): void {
    for (const record of records) {
      this.database.exec('begin');
      for (const { sql, values } of openCodeStatements(record)) this.database.prepare(sql).run(...values);
      this.database.exec('commit');
    }
  }

  close(): void {
    this.database.close();
  }
}

export function writeDocuments(root: string, ...records: readonly OpenCodeRecord[]): void {
  for (const record of records) {
    const { path, text } = openCodeDocument(record);
    const whole = join(root, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, text);
  }
}

/** What ingest would make of the log. @throws where a line is refused */
export function modelOf(facts: readonly ReadFact[]): MemoryReadModel {
  const model = new MemoryReadModel();
  const parts = new Map<string, Buffer>();
  for (const { subject, sequence, attributes, body } of facts) {
    const begun = Buffer.concat([parts.get(subject) ?? Buffer.alloc(0), body]);
    const isWhole = attributes.part === undefined || attributes.part.k === attributes.part.n;
    parts.set(subject, isWhole ? Buffer.alloc(0) : begun);
    if (isWhole && attributes.type !== 'telltale.file.removed.v1')
      decode(model, begun.toString('utf8'), { subject, sequence, attributes });
  }
  return model;
}

function decode(
  model: MemoryReadModel,
  text: string,
  { subject, sequence, attributes }: Omit<ReadFact, 'body'>,
): void {
  const source = subject.split('.')[3] ?? '';
  const decoder = decoderOf(source);
  if (decoder === undefined) throw new Error(`there is no decoder for ${source}`);
  const fact = attributes.type === 'telltale.rows.changed.v1' ? 'rows.changed' : 'file.appended';
  const file = {
    source: 'opencode',
    host: 'test',
    root: attributes.root,
    path: attributes.path,
    fact,
  } as const;
  const state = decoder.initialState(file);
  text.split('\n').forEach((line, n) => {
    const sink: Parameters<typeof decoder.decodeLine>[4] = [];
    const outcome = decoder.decodeLine(state, line, file, { sequence, line: n, offset: 0 }, sink);
    if (!outcome.ok) throw new Error(`${attributes.path}: ${outcome.reason}`);
    model.apply(sink, 'opencode');
  });
}
