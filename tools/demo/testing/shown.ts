import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Source } from '@telltale/contracts';
import { decoderOf, splitGeminiChat, viewOf } from '@telltale/domain';
import { decodeSource, MemoryReadModel, type SourceFile } from '@telltale/domain/testing';

/** What is below a tool's root, as the product would show it, and the reasons of what it could not read. */
export function shown(source: Source, root: string, now: Date) {
  const decoder = decoderOf(source);
  if (decoder === undefined) throw new Error(`there is no decoder for ${source}`);
  const model = new MemoryReadModel();
  const refused: string[] = [];
  for (const file of filesBelow(source, root)) {
    const { observations, outcomes } = decodeSource(decoder, file);
    model.apply(observations, source);
    for (const outcome of outcomes) if (!outcome.ok) refused.push(`${file.path}: ${outcome.reason}`);
  }
  const sessions = [...model.sessions.values()].map((state) => viewOf(state, now.getTime()));
  return { refused, sessions };
}

/** Every file as its source publishes it. */
function filesBelow(source: Source, root: string): SourceFile[] {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.jsonl?$/.test(name),
  );
  const files = names.map((name) => fileOf(source, root, join(root, name)));
  return [...files, ...rowsIn(source, root)];
}

function fileOf(source: Source, root: string, path: string): SourceFile {
  const text = readFileSync(path, 'utf8');
  const context = { source, host: 'atlas', root, path };
  if (path.endsWith('.jsonl'))
    return { ...context, fact: 'file.appended', lines: text.trimEnd().split('\n') };
  if (source !== 'gemini') return { ...context, fact: 'file.appended', lines: [text.replaceAll('\n', ' ')] };
  const elements = splitGeminiChat(JSON.parse(text)) ?? [];
  return { ...context, fact: 'file.replaced', lines: elements.map((element) => JSON.stringify(element)) };
}

function rowsIn(source: Source, root: string): SourceFile[] {
  const path = join(root, 'opencode.db');
  if (!existsSync(path)) return [];
  const database = new DatabaseSync(path, { readOnly: true });
  const lines = new Map<string, string[]>();
  for (const table of ['session', 'message', 'part']) {
    for (const row of database.prepare(`select * from ${table}`).all()) {
      const { data, ...columns } = row;
      const value = typeof data === 'string' ? { ...columns, data: JSON.parse(data) as unknown } : columns;
      const session = String(row['session_id'] ?? row['id']);
      const line = JSON.stringify({ element: `${table}/${String(row['id'])}`, value });
      lines.set(session, [...(lines.get(session) ?? []), line]);
    }
  }
  database.close();
  const context = { source, host: 'atlas', root, fact: 'rows.changed' } as const;
  return [...lines].map(([session, all]) => ({ ...context, path: `${path}#${session}`, lines: all }));
}
