/** One record of an OpenCode store, as either store keeps it. */
export interface OpenCodeRecord {
  readonly table: 'session' | 'message' | 'part' | 'todo';
  /** Of todos: the session's. */
  readonly id: string;
  readonly sessionId: string;
  /** Of a part. */
  readonly messageId: string;
  readonly projectId: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The JSON store's document but for its ids; of todos, the list as `todos`. */
  readonly data: { readonly [field: string]: unknown };
}

/** A record and when it is written, for who plays a session live. */
export interface PlayedRecord {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly record: OpenCodeRecord;
}

/** The JSON store's file: its path below the data folder and its text. */
export function openCodeDocument(record: OpenCodeRecord): { path: string; text: string } {
  const { table, id, sessionId, messageId, projectId, data } = record;
  switch (table) {
    case 'session':
      return {
        path: `storage/session/${projectId}/${id}.json`,
        text: pretty({ id, projectID: projectId, ...data }),
      };
    case 'message':
      return {
        path: `storage/message/${sessionId}/${id}.json`,
        text: pretty({ id, sessionID: sessionId, ...data }),
      };
    case 'part':
      return {
        path: `storage/part/${messageId}/${id}.json`,
        text: pretty({ id, sessionID: sessionId, messageID: messageId, ...data }),
      };
    case 'todo':
      return { path: `storage/todo/${sessionId}.json`, text: pretty(data['todos']) };
  }
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

export interface SqlStatement {
  readonly sql: string;
  readonly values: readonly (string | number | null)[];
}

/** What OpenCode runs to write the record to its SQLite store. */
export function openCodeStatements(record: OpenCodeRecord): SqlStatement[] {
  const { table, id, sessionId, messageId, createdAt, updatedAt, data } = record;
  const times = { time_created: createdAt, time_updated: updatedAt };
  switch (table) {
    case 'session':
      return [upsert('session', sessionColumns(record))];
    case 'message':
      return [upsert('message', { id, session_id: sessionId, ...times, data: JSON.stringify(data) })];
    case 'part':
      return [
        upsert('part', {
          id,
          message_id: messageId,
          session_id: sessionId,
          ...times,
          data: JSON.stringify(data),
        }),
      ];
    case 'todo':
      return [
        { sql: 'delete from todo where session_id = ?', values: [sessionId] },
        ...todoRows(record).map((row) => insert('todo', row)),
      ];
  }
}

/** The columns of a record's row, as the watcher publishes them. */
export function openCodeColumns(record: OpenCodeRecord): { readonly [column: string]: unknown } {
  const { table, id, sessionId, messageId, createdAt, updatedAt, data } = record;
  const times = { time_created: createdAt, time_updated: updatedAt };
  switch (table) {
    case 'session':
      return sessionColumns(record);
    case 'message':
      return { id, session_id: sessionId, ...times, data };
    case 'part':
      return { id, message_id: messageId, session_id: sessionId, ...times, data };
    case 'todo':
      return { session_id: sessionId, time_updated: updatedAt, ...data };
  }
}

type Row = Readonly<Record<string, string | number | null>>;

function sessionColumns({ id, projectId, createdAt, updatedAt, data }: OpenCodeRecord): Row {
  const document = data as Readonly<Record<string, string | undefined>>;
  const time = (data as { time?: { archived?: number } }).time;
  return {
    id,
    project_id: projectId,
    parent_id: document['parentID'] ?? null,
    slug: document['slug'] ?? '',
    directory: document['directory'] ?? '',
    title: document['title'] ?? '',
    version: document['version'] ?? '',
    time_created: createdAt,
    time_updated: updatedAt,
    time_archived: time?.archived ?? null,
  };
}

function todoRows({ sessionId, createdAt, updatedAt, data }: OpenCodeRecord): Row[] {
  const todos = data['todos'] as readonly { content: string; status: string; priority: string }[];
  return todos.map(({ content, status, priority }, position) => ({
    session_id: sessionId,
    content,
    status,
    priority,
    position,
    time_created: createdAt,
    time_updated: updatedAt,
  }));
}

function insert(table: string, row: Row): SqlStatement {
  const names = Object.keys(row);
  const marks = names.map(() => '?').join(', ');
  return { sql: `insert into ${table} (${names.join(', ')}) values (${marks})`, values: Object.values(row) };
}

function upsert(table: string, row: Row): SqlStatement {
  const { sql, values } = insert(table, row);
  const changed = Object.keys(row).filter((name) => name !== 'id' && name !== 'time_created');
  const set = changed.map((name) => `${name} = excluded.${name}`).join(', ');
  return { sql: `${sql} on conflict (id) do update set ${set}`, values };
}

/** The tables of OpenCode's SQLite store that hold sessions, as version 1.2 makes them. */
export const openCodeTables: readonly string[] = [
  `create table session (id text primary key, project_id text not null, workspace_id text, parent_id text,
    slug text not null, directory text not null, path text, title text not null, version text not null,
    share_url text, summary_additions integer, summary_deletions integer, summary_files integer, summary_diffs text,
    cost real not null default 0, tokens_input integer not null default 0, tokens_output integer not null default 0,
    tokens_reasoning integer not null default 0, tokens_cache_read integer not null default 0,
    tokens_cache_write integer not null default 0, revert text, permission text, agent text, model text,
    time_created integer not null, time_updated integer not null, time_compacting integer, time_archived integer)`,
  'create table message (id text primary key, session_id text not null, time_created integer not null, time_updated integer not null, data text not null)',
  'create table part (id text primary key, message_id text not null, session_id text not null, time_created integer not null, time_updated integer not null, data text not null)',
  `create table todo (session_id text not null, content text not null, status text not null, priority text not null,
    position integer not null, time_created integer not null, time_updated integer not null,
    primary key (session_id, position))`,
  'create index session_project_idx on session (project_id)',
  'create index message_session_time_created_id_idx on message (session_id, time_created, id)',
  'create index part_message_id_id_idx on part (message_id, id)',
  'create index part_session_idx on part (session_id)',
];
