import { fingerprint } from '../../tailing/fingerprint';
import { rowLine, sessionLine, todoLine } from './row-line';
import { formatCursor, type StoreCursor } from './store-cursor';
import {
  rowTables,
  type Columns,
  type RowNote,
  type RowTable,
  type StoreStatements,
} from './store-statements';

/** Rows may be committed after others that say they were changed later. */
const overlapMs = 10_000;

/** What the columns beside the data take of a line, about. */
const columnBytes = 300;

/** What is read for the next facts of a session, and the cursors that these bear. */
export interface Batch {
  /** Each with its newline. */
  readonly lines: Uint8Array[];
  readonly rows: readonly { readonly note: RowNote; readonly isUnfinished: boolean }[];
  readonly cursorBefore: string | undefined;
  /** Once all lines are in the log. */
  readonly cursorAfter: string;
  readonly after: StoreCursor;
  readonly signatures: ReadonlyMap<string, Signature>;
}

interface Signature {
  readonly text: string;
  readonly updatedAt: number;
}

interface Changes {
  readonly rows?: readonly RowNote[];
  readonly session?: boolean;
  readonly todos?: boolean;
}

/** The rows of one session that wait to be published, in the order in which they were changed. */
export class SessionQueue {
  private readonly waiting = new Map<string, RowNote>();
  private session = false;
  private todos = false;
  /** What the log holds of the rows that the overlap covers. */
  private signatures = new Map<string, Signature>();
  /** The newest rows that were met so far. */
  private newest: { readonly message: number; readonly part: number };

  private constructor(
    private readonly sessionId: string,
    private cursor: StoreCursor | undefined,
  ) {
    this.newest = cursor?.newest ?? { message: 0, part: 0 };
  }

  /** All that changed since `cursor` was noted, or all there is. */
  static of(sessionId: string, store: StoreStatements, cursor: StoreCursor | undefined): SessionQueue {
    const rows = rowTables.flatMap((table) => rowsSince(store, table, { sessionId, cursor }));
    const queue = new SessionQueue(sessionId, cursor);
    const signatures = queue.signaturesOf(store, rows);
    if (cursor !== undefined && holdsAll(cursor, rows, signatures)) queue.signatures = signatures;
    else queue.add({ rows, session: true, todos: true });
    return queue;
  }

  get updatedAt(): number {
    return this.cursor?.updatedAt ?? 0;
  }

  /** About so many bytes wait. */
  get bytes(): number {
    let bytes = 0;
    for (const { size } of this.waiting.values()) bytes += size;
    return bytes;
  }

  add({ rows = [], session = false, todos = false }: Changes): void {
    const isFirstReading = this.cursor?.newest === undefined;
    // A cursor says that all before a time is in the log: until all was read once, nothing may come out of order.
    const inOrder = isFirstReading ? [...this.waiting.values(), ...rows].sort(byChange) : rows;
    if (isFirstReading) this.waiting.clear();
    for (const row of inOrder) this.waiting.set(`${row.table}/${row.id}`, row);
    this.meet(rows);
    this.session ||= session;
    this.todos ||= todos;
  }

  /** Reads rows until they fill a fact; undefined where nothing waits, or none of it changed. */
  take(store: StoreStatements, room: number): Batch | undefined {
    const taken = new Taken(this.signatures);
    this.takeSession(store, taken);
    for (const [key, { table, id, updatedAt, size }] of this.waiting) {
      if (taken.bytes > 0 && taken.bytes + size + columnBytes > room) break;
      this.waiting.delete(key);
      taken.upTo = Math.max(taken.upTo, updatedAt);
      const row = store.row(table, id);
      if (row !== undefined) taken.row(key, row);
    }
    return taken.lines.length === 0 ? undefined : this.batchOf(taken);
  }

  published({ after, signatures }: Batch): void {
    this.cursor = after;
    const since = after.updatedAt - overlapMs;
    this.signatures = new Map([...signatures].filter(([, { updatedAt }]) => updatedAt >= since));
  }

  private takeSession(store: StoreStatements, taken: Taken): void {
    const session = this.session ? store.session(this.sessionId) : undefined;
    if (session !== undefined)
      taken.line(`session/${this.sessionId}`, sessionLine(session), Number.MAX_VALUE);
    this.session = false;
    if (this.todos) this.takeTodos(store.todos(this.sessionId), taken);
    this.todos = false;
  }

  private takeTodos(todos: readonly Columns[], taken: Taken): void {
    const key = `todo/${this.sessionId}`;
    if (todos.length === 0 && !this.signatures.has(key)) return;
    taken.line(key, todoLine(this.sessionId, todos), Number.MAX_VALUE);
    if (todos.length === 0) taken.signatures.delete(key);
  }

  private batchOf({ lines, rows, signatures, upTo }: Taken): Batch {
    // A clock that ran ahead must not hide what is changed from now on.
    const updatedAt = Math.max(this.updatedAt, Math.min(upTo, Date.now()));
    const isAll = this.waiting.size === 0;
    const newest = isAll ? this.newest : this.cursor?.newest;
    const after: StoreCursor = {
      updatedAt,
      ...(newest === undefined ? {} : { newest }),
      ...(isAll ? { overlap: overlapOf(signatures, updatedAt) } : {}),
    };
    const cursorBefore = this.cursor && formatCursor({ ...this.cursor, overlap: '' });
    return { lines, rows, signatures, after, cursorBefore, cursorAfter: formatCursor(after) };
  }

  private meet(rows: readonly RowNote[]): void {
    const highest = (table: RowTable): number =>
      rows.reduce(
        (most, row) => (row.table === table ? Math.max(most, row.rowid) : most),
        this.newest[table],
      );
    this.newest = { message: highest('message'), part: highest('part') };
  }

  private signaturesOf(store: StoreStatements, rows: readonly RowNote[]): Map<string, Signature> {
    const signatures = new Map(
      rows.map(({ table, id, signature, updatedAt }) => [`${table}/${id}`, { text: signature, updatedAt }]),
    );
    const session = store.session(this.sessionId);
    const todos = store.todos(this.sessionId);
    const own: [string, Uint8Array | undefined][] = [
      [`session/${this.sessionId}`, session && sessionLine(session)],
      [`todo/${this.sessionId}`, todos.length > 0 ? todoLine(this.sessionId, todos) : undefined],
    ];
    for (const [key, line] of own) {
      if (line !== undefined) signatures.set(key, { text: fingerprint(line), updatedAt: Number.MAX_VALUE });
    }
    return signatures;
  }
}

/** Lines that are read for a batch, without those whose content the log holds already. */
class Taken {
  readonly lines: Uint8Array[] = [];
  readonly rows: { readonly note: RowNote; readonly isUnfinished: boolean }[] = [];
  readonly signatures: Map<string, Signature>;
  bytes = 0;
  /** When the latest of the rows was changed, as was known when it was queued. */
  upTo = 0;

  constructor(known: ReadonlyMap<string, Signature>) {
    this.signatures = new Map(known);
  }

  row(key: string, row: NonNullable<ReturnType<StoreStatements['row']>>): void {
    const { note, columns, data } = row;
    if (this.signatures.get(key)?.text === note.signature) return;
    const { bytes, isUnfinished } = rowLine(key, columns, data);
    this.signatures.set(key, { text: note.signature, updatedAt: note.updatedAt });
    this.rows.push({ note, isUnfinished });
    this.push(bytes);
  }

  /** Of what is said as a whole, whenever it changes. */
  line(key: string, bytes: Uint8Array, updatedAt: number): void {
    const text = fingerprint(bytes);
    if (this.signatures.get(key)?.text === text) return;
    this.signatures.set(key, { text, updatedAt });
    this.push(bytes);
  }

  private push(bytes: Uint8Array): void {
    this.lines.push(bytes);
    this.bytes += bytes.length;
  }
}

function rowsSince(
  store: StoreStatements,
  table: RowTable,
  { sessionId, cursor }: { sessionId: string; cursor: StoreCursor | undefined },
): RowNote[] {
  if (cursor === undefined) return store.rowsOfSession(table, sessionId, { since: 0, after: -1 });
  const after = cursor.newest?.[table] ?? Number.MAX_SAFE_INTEGER;
  return store.rowsOfSession(table, sessionId, { since: cursor.updatedAt - overlapMs, after });
}

/** Nothing changed since the cursor was noted. */
function holdsAll(
  { updatedAt, overlap }: StoreCursor,
  rows: readonly RowNote[],
  signatures: ReadonlyMap<string, Signature>,
): boolean {
  return (
    rows.every((row) => row.updatedAt >= updatedAt - overlapMs) &&
    overlapOf(signatures, updatedAt) === overlap
  );
}

/** What the overlap behind a time holds, in few letters. */
function overlapOf(signatures: ReadonlyMap<string, Signature>, updatedAt: number): string {
  const held = [...signatures]
    .filter(([, signature]) => signature.updatedAt >= updatedAt - overlapMs)
    .map(([key, { text }]) => `${key} ${text}`);
  return fingerprint(Buffer.from(held.sort().join('\n')));
}

function byChange(a: RowNote, b: RowNote): number {
  return (
    a.updatedAt - b.updatedAt ||
    (a.table < b.table ? -1 : Number(a.table > b.table)) ||
    (a.id < b.id ? -1 : 1)
  );
}
