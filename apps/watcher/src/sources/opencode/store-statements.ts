import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { work } from '../../status/work';

/** The tables whose rows are published one by one. */
export const rowTables = ['message', 'part'] as const;
export type RowTable = (typeof rowTables)[number];

/** Where a row stands and what tells that it changed, without its content. */
export interface RowNote {
  readonly table: RowTable;
  readonly id: string;
  readonly sessionId: string;
  /** The place SQLite gave it: grows with every row that is added. */
  readonly rowid: number;
  /** `time_updated`, epoch milliseconds. */
  readonly updatedAt: number;
  /** Bytes of its data. */
  readonly size: number;
  /** Changes with the row. */
  readonly signature: string;
}

export interface SessionNote {
  readonly id: string;
  readonly directory: string;
  readonly updatedAt: number;
  readonly signature: string;
}

export interface TodoNote {
  readonly sessionId: string;
  readonly rowid: number;
  readonly signature: string;
}

export type Columns = Readonly<Record<string, unknown>>;

/** The store's tables are not those that are known: too old, too new, or being migrated. */
export class UnknownTablesError extends Error {
  override readonly name = 'UnknownTablesError';
}

const neededColumns: Readonly<Record<RowTable | 'session', readonly string[]>> = {
  session: ['id', 'directory', 'title', 'time_created', 'time_updated'],
  message: ['id', 'session_id', 'time_created', 'time_updated', 'data'],
  part: ['id', 'message_id', 'session_id', 'time_created', 'time_updated', 'data'],
};
const sessionTexts = [
  'project_id',
  'parent_id',
  'directory',
  'title',
  'version',
  'share_url',
  'agent',
  'model',
];
const sessionTimes = ['time_created', 'time_updated', 'time_archived'];

/** Numbers beyond what JavaScript counts exactly would be refused: as reals they are only blurred. */
const real = (column: string): string => `cast(${column} as real) as ${column}`;
const note = `select rowid as row, id, session_id, ${real('time_updated')}, octet_length(data) as size from`;

/**
 * The questions that are put to a store. What is asked again and again follows an index or looks at the newest rows
 * only: no question's cost grows with the store.
 */
export class StoreStatements {
  private readonly statements = new Map<string, StatementSync>();
  private readonly sessionColumns: readonly string[];
  private readonly hasTodos: boolean;

  private constructor(
    private readonly database: DatabaseSync,
    columns: ReadonlyMap<string, ReadonlySet<string>>,
  ) {
    const present = columns.get('session') ?? new Set<string>();
    this.sessionColumns = [
      ...sessionTexts.filter((name) => present.has(name)),
      ...sessionTimes.filter((name) => present.has(name)).map(real),
    ];
    this.hasTodos = ['session_id', 'content', 'status', 'position', 'time_updated'].every((name) =>
      columns.get('todo')?.has(name),
    );
  }

  /**
   * Undefined for a store in which nothing was made yet.
   *
   * @throws UnknownTablesError naming what is missing; and SQLite's errors
   */
  static of(database: DatabaseSync): StoreStatements | undefined {
    const columns = new Map(
      ['session', 'message', 'part', 'todo'].map((table) => [table, columnsOf(database, table)]),
    );
    if (Object.keys(neededColumns).every((table) => columns.get(table)?.size === 0)) return undefined;
    for (const [table, needed] of Object.entries(neededColumns)) {
      const missing = needed.find((name) => !columns.get(table)?.has(name));
      if (missing !== undefined) throw new UnknownTablesError(`there is no column ${table}.${missing}`);
    }
    return new StoreStatements(database, columns);
  }

  sessions(): SessionNote[] {
    const archived = this.sessionColumns.some((name) => name.includes('time_archived'));
    const sql = `select id, directory, title, ${real('time_updated')}${archived ? `, ${real('time_archived')}` : ''} from session`;
    return this.all(sql).map((row) => ({
      id: textOf(row['id']),
      directory: textOf(row['directory']),
      updatedAt: numberOf(row['time_updated']),
      signature: JSON.stringify([row['time_updated'], row['title'], row['time_archived']]),
    }));
  }

  session(id: string): Columns | undefined {
    return this.all(`select id, ${this.sessionColumns.join(', ')} from session where id = ?`, id)[0];
  }

  /** Undefined where there is no such session. */
  directoryOf(sessionId: string): string | undefined {
    const [session] = this.all('select directory from session where id = ?', sessionId);
    return session && textOf(session['directory']);
  }

  hasRows(sessionId: string): boolean {
    return this.all('select 1 from message where session_id = ? limit 1', sessionId).length > 0;
  }

  /** All rows that were added after `since`, and the `count` newest of those before. */
  newestRows(table: RowTable, since: number, count: number): RowNote[] {
    const from = Math.min(since, this.highestRow(table)) - count;
    return this.all(`${note} ${table} where rowid > ?`, from).map((row) => rowNote(table, row));
  }

  rowsById(table: RowTable, ids: readonly string[]): RowNote[] {
    const sql = `${note} ${table} where id in (select value from json_each(?))`;
    return this.all(sql, JSON.stringify(ids)).map((row) => rowNote(table, row));
  }

  /** Rows of a session that were changed at `since` (epoch ms) or later, or added after the row `after`. */
  rowsOfSession(
    table: RowTable,
    sessionId: string,
    { since, after }: { since: number; after: number },
  ): RowNote[] {
    const sql = `${note} ${table} where session_id = ? and (time_updated >= ? or rowid > ?)`;
    return this.all(sql, sessionId, since, after).map((row) => rowNote(table, row));
  }

  row(table: RowTable, id: string): { note: RowNote; columns: Columns; data: unknown } | undefined {
    const message = table === 'part' ? 'message_id, ' : '';
    const sql = `select rowid as row, octet_length(data) as size, id, session_id, ${message}${real('time_created')}, ${real('time_updated')}, data from ${table} where id = ?`;
    const [found] = this.all(sql, id);
    if (found === undefined) return undefined;
    const { row: _, size: __, data, ...columns } = found;
    return { note: rowNote(table, found), columns, data };
  }

  /** Like {@link newestRows}; `from`: the row behind which they begin. */
  newestTodos(since: number, count: number): { from: number; rows: TodoNote[] } {
    if (!this.hasTodos) return { from: 0, rows: [] };
    const from = Math.min(since, this.highestRow('todo')) - count;
    const sql = `select rowid as row, session_id, position, status, ${real('time_updated')}, octet_length(content) as size from todo where rowid > ?`;
    return { from, rows: this.all(sql, from).map(todoNote) };
  }

  /** A session's todos in their order. */
  todos(sessionId: string): Columns[] {
    if (!this.hasTodos) return [];
    const sql = `select content, status, ${real('time_updated')} from todo where session_id = ? order by position`;
    return this.all(sql, sessionId);
  }

  private highestRow(table: string): number {
    return numberOf(this.prepared(`select max(rowid) as row from ${table}`).get()?.['row']);
  }

  private all(sql: string, ...values: (string | number)[]): Columns[] {
    const rows = this.prepared(sql).all(...values);
    work.rowsRead += rows.length;
    return rows;
  }

  private prepared(sql: string): StatementSync {
    const known = this.statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.database.prepare(sql);
    this.statements.set(sql, statement);
    return statement;
  }
}

function columnsOf(database: DatabaseSync, table: string): Set<string> {
  return new Set(
    database
      .prepare(`pragma table_info(${table})`)
      .all()
      .map((row) => textOf(row['name'])),
  );
}

function rowNote(table: RowTable, row: Columns): RowNote {
  return {
    table,
    id: textOf(row['id']),
    sessionId: textOf(row['session_id']),
    rowid: numberOf(row['row']),
    updatedAt: numberOf(row['time_updated']),
    size: numberOf(row['size']),
    signature: `${String(row['time_updated'])}:${String(row['size'])}`,
  };
}

function todoNote(row: Columns): TodoNote {
  const { session_id: session, position, status, time_updated: updatedAt, size } = row;
  return {
    sessionId: textOf(session),
    rowid: numberOf(row['row']),
    signature: JSON.stringify([session, position, status, updatedAt, size]),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
