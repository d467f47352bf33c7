import type { RowNote, RowTable, StoreStatements, TodoNote } from './store-statements';

/** So many of a table's newest rows are looked at whenever the store changed. */
const lookedAt = 300;
/** Rows that OpenCode still works on may be older than that: tools that run for hours. */
const mostUnfinished = 300;

/**
 * Finds what changed in a table since the last look, at a cost that does not grow with the table: rows are changed in
 * place while they are new or unfinished, and no index knows when a row was changed.
 */
export class RecentRows {
  private known = new Map<string, string>();
  private unfinished = new Set<string>();
  private highest = Infinity;

  constructor(private readonly table: RowTable) {}

  /** Those that were added or changed; all that were looked at the first time. */
  changes(store: StoreStatements): RowNote[] {
    const newest = store.newestRows(this.table, this.highest, lookedAt);
    const seen = new Set(newest.map(({ id }) => id));
    const others = [...this.unfinished].filter((id) => !seen.has(id));
    const rows = [...newest, ...(others.length > 0 ? store.rowsById(this.table, others) : [])];
    const changed = rows.filter(({ id, signature }) => this.known.get(id) !== signature);
    this.known = new Map(rows.map(({ id, signature }) => [id, signature]));
    this.highest = rows.reduce((highest, { rowid }) => Math.max(highest, rowid), 0);
    return changed;
  }

  /** A row that was read is, or is not, one that OpenCode still works on. */
  note(id: string, isUnfinished: boolean): void {
    this.unfinished.delete(id);
    if (!isUnfinished) return;
    this.unfinished.add(id);
    const [oldest] = this.unfinished;
    if (this.unfinished.size > mostUnfinished && oldest !== undefined) this.unfinished.delete(oldest);
  }
}

/** Finds the sessions whose todos changed: a list is written anew, row by row, whenever it does. */
export class RecentTodos {
  private known = new Map<string, TodoNote>();
  private highest = Infinity;

  changes(store: StoreStatements): Set<string> {
    const { from, rows } = store.newestTodos(this.highest, lookedAt);
    const found = new Map(rows.map((row) => [row.signature, row]));
    const changed = [
      ...rows.filter(({ signature }) => !this.known.has(signature)),
      ...[...this.known.values()].filter(({ rowid, signature }) => rowid > from && !found.has(signature)),
    ];
    this.known = found;
    this.highest = rows.reduce((highest, { rowid }) => Math.max(highest, rowid), 0);
    return new Set(changed.map(({ sessionId }) => sessionId));
  }
}
