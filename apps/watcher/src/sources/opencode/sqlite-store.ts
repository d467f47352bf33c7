import { stat } from 'node:fs/promises';
import { isAbsent } from '../../tailing/error-code';
import type { FileReader } from '../../tailing/file-reader';
import { fileStat, type Reading } from '../../tailing/reading';
import { RecentRows, RecentTodos } from './recent-rows';
import { SessionReader, type SessionStore } from './session-reader';
import { withStore, type OpenStore } from './store-connection';
import {
  rowTables,
  type RowNote,
  type RowTable,
  type SessionNote,
  type StoreStatements,
} from './store-statements';

/** How a store says what its sessions need. */
export interface StoreOwner {
  /** The session wants a turn. `changedAt`: epoch ms. */
  request(sessionId: string, turn: { readonly changedAt: number; readonly isLive: boolean }): void;
  /** Whether what belongs to this folder is never to be read. */
  excludes(directory: string): boolean;
}

/** Looking may take this share of the time, and listing all sessions this one: the longer it takes, the more seldom. */
const lookShare = 1 / 10;
const listShare = 1 / 50;
/** A session changed within this time is live. */
const liveMs = 5 * 60_000;

/** Says when something may be done again that must take no more than its share of the time. */
class Pace {
  private readyAt = 0;

  constructor(private readonly share: number) {}

  /** Milliseconds; 0: now. */
  get wait(): number {
    return Math.max(0, this.readyAt - performance.now());
  }

  spend<T>(work: () => T): T {
    const start = performance.now();
    try {
      return work();
    } finally {
      const end = performance.now();
      this.readyAt = end + (end - start) / this.share;
    }
  }
}

/** What is known of a store since it was looked at first. */
class Known {
  readonly rows: Readonly<Record<RowTable, RecentRows>> = {
    message: new RecentRows('message'),
    part: new RecentRows('part'),
  };
  readonly todos = new RecentTodos();
  sessions = new Map<string, SessionNote>();

  constructor(readonly inode: number) {}
}

/** An SQLite store: finds the sessions that changed, whose readers then publish their rows. */
export class SqliteStore implements SessionStore {
  private readonly readers = new Map<string, SessionReader>();
  /** Sessions that could not be read. */
  private readonly waiting = new Set<string>();
  private readonly looks = new Pace(lookShare);
  private readonly lists = new Pace(listShare);
  private known: Known | undefined;
  private later: NodeJS.Timeout | undefined;
  /** A look is due. */
  private isBehind = false;

  constructor(
    private readonly path: string,
    private readonly owner: StoreOwner,
  ) {}

  /** Reads the store's file, or the log beside it: publishes nothing, but finds what changed. */
  fileReader(): FileReader {
    return {
      grows: false,
      read: ({ path }) => this.readFile(path),
      needsTurn: () => this.isBehind,
    };
  }

  reader(sessionId: string): SessionReader {
    const known = this.readers.get(sessionId);
    if (known !== undefined) return known;
    const reader = new SessionReader(sessionId, this);
    this.readers.set(sessionId, reader);
    return reader;
  }

  reading<T>(read: (store: OpenStore) => T): T | undefined {
    return withStore(this.path, read);
  }

  isExcluded(directory: string): boolean {
    return this.owner.excludes(directory);
  }

  noteRow(table: RowTable, id: string, isUnfinished: boolean): void {
    this.known?.rows[table].note(id, isUnfinished);
  }

  failed(sessionId: string): void {
    this.waiting.add(sessionId);
    this.isBehind = true;
  }

  private async readFile(path: string): Promise<Reading> {
    const seen = await stat(path).catch((error: unknown) => {
      if (isAbsent(error)) return undefined;
      throw error;
    });
    if (path === this.path) this.look();
    else this.tryToLook();
    return seen === undefined
      ? { kind: 'gone' }
      : { kind: 'nothing', stat: fileStat(seen), search: undefined };
  }

  /** What goes wrong is said by the store's own file, to which the sweep gives a turn. */
  private tryToLook(): void {
    try {
      this.look();
    } catch {
      return;
    }
  }

  /** Finds what changed since the last look, now or in a moment. @throws where the store cannot be read now */
  private look(): void {
    this.isBehind = true;
    const { wait } = this.looks;
    if (wait > 0) return this.lookLater(wait);
    const isThere = this.looks.spend(() =>
      this.reading(({ rows, inode }) => {
        if (rows !== undefined) this.compare(rows, inode);
        return true;
      }),
    );
    if (!isThere) this.lost();
  }

  private lookLater(ms: number): void {
    this.later ??= setTimeout(() => {
      this.later = undefined;
      this.tryToLook();
    }, ms).unref();
  }

  private compare(rows: StoreStatements, inode: number): void {
    const known = this.known?.inode === inode ? this.known : new Known(inode);
    const isFirst = known !== this.known;
    const changed = changesOf(rows, known);
    // What lies there at the first look is found by reading each session once, those read before it again.
    if (isFirst) for (const reader of this.readers.values()) reader.startOver();
    else this.enqueue(changed);
    this.known = known;
    this.isBehind = false;
    const wait = isFirst ? 0 : this.lists.wait;
    if (wait > 0) this.listLater(wait);
    else this.lists.spend(() => this.listSessions(rows, known, isFirst));
    for (const sessionId of this.waiting) this.owner.request(sessionId, { changedAt: 0, isLive: false });
    this.waiting.clear();
  }

  /** What changed in the list before it may be read again must not wait for the store's next change. */
  private listLater(ms: number): void {
    this.isBehind = true;
    this.lookLater(ms);
  }

  private enqueue({ rows, todos }: ReturnType<typeof changesOf>): void {
    for (const [sessionId, changed] of rows) this.reader(sessionId).enqueue({ rows: changed, session: true });
    for (const sessionId of todos) this.reader(sessionId).enqueue({ todos: true });
    for (const sessionId of new Set([...rows.keys(), ...todos]))
      this.owner.request(sessionId, { changedAt: Date.now(), isLive: true });
  }

  private listSessions(rows: StoreStatements, known: Known, isFirst: boolean): void {
    const before = known.sessions;
    known.sessions = new Map(rows.sessions().map((session) => [session.id, session]));
    for (const session of known.sessions.values()) {
      if (before.get(session.id)?.signature !== session.signature) this.requestSession(session, isFirst);
    }
    for (const id of before.keys()) {
      if (!known.sessions.has(id)) this.owner.request(id, { changedAt: Date.now(), isLive: true });
    }
  }

  private requestSession({ id, directory, updatedAt }: SessionNote, isFirst: boolean): void {
    if (this.owner.excludes(directory)) return;
    this.reader(id).enqueue({ session: true });
    const isLive = !isFirst || updatedAt > Date.now() - liveMs;
    this.owner.request(id, { changedAt: updatedAt, isLive });
  }

  /** The store was deleted: each session finds that out in a turn of its own. */
  private lost(): void {
    this.known = undefined;
    this.isBehind = false;
    for (const sessionId of this.readers.keys())
      this.owner.request(sessionId, { changedAt: Date.now(), isLive: true });
  }
}

function changesOf(
  store: StoreStatements,
  { rows, todos }: Known,
): { rows: Map<string, RowNote[]>; todos: Set<string> } {
  const bySession = new Map<string, RowNote[]>();
  for (const table of rowTables) {
    for (const row of rows[table].changes(store))
      bySession.set(row.sessionId, [...(bySession.get(row.sessionId) ?? []), row]);
  }
  return { rows: bySession, todos: todos.changes(store) };
}
