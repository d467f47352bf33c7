import type { FileReader, ReadRequest } from '../../tailing/file-reader';
import { fingerprint, tailLimit } from '../../tailing/fingerprint';
import { PendingLines } from '../../tailing/pending-lines';
import type { Position } from '../../tailing/position';
import { newGeneration, type FileStat, type FreshBytes, type Reading } from '../../tailing/reading';
import { breathe } from './breath';
import { SessionQueue, type Batch } from './session-queue';
import type { OpenStore } from './store-connection';
import { parseCursor } from './store-cursor';
import type { RowNote, RowTable, StoreStatements } from './store-statements';

/** What a session's reader needs of its store. */
export interface SessionStore {
  /** Undefined: the store is not there. @throws where it cannot be read now */
  reading<T>(read: (store: OpenStore) => T): T | undefined;
  isExcluded(directory: string): boolean;
  /** A row was read that OpenCode still works on, or does not any more. */
  noteRow(table: RowTable, id: string, isUnfinished: boolean): void;
  /** The session wants a turn once the store can be read again. */
  failed(sessionId: string): void;
}

/** Where the log is: the last fact of the session's subject. */
interface Place {
  readonly generation: string | undefined;
  readonly offset: number;
}

type PendingBatch = Batch & { readonly pending: PendingLines };

/** Publishes the rows of one session as they change. */
export class SessionReader implements FileReader {
  readonly grows = false;
  readonly isMember = true;
  private queue: SessionQueue | undefined;
  private generation = '';
  private offset = 0;
  /** The position that the next reading goes on from. */
  private expected: Place | undefined;
  private inode: number | undefined;
  private batch: PendingBatch | undefined;

  constructor(
    readonly sessionId: string,
    private readonly store: SessionStore,
  ) {}

  /** Rows of the session were added or changed. What comes before the first reading is found by that. */
  enqueue(changes: {
    readonly rows?: readonly RowNote[];
    readonly session?: true;
    readonly todos?: true;
  }): void {
    this.queue?.add(changes);
  }

  /** The next reading finds what is not in the log, as the first one does. */
  startOver(): void {
    this.queue = undefined;
    this.expected = undefined;
  }

  forget(): void {
    this.startOver();
    this.batch = undefined;
  }

  async read(request: ReadRequest): Promise<Reading> {
    await breathe();
    try {
      return this.store.reading((store) => this.readFrom(store, request)) ?? this.gone();
    } catch {
      // Locked, damaged or being migrated. The store's own file says so, once for all of its sessions.
      this.store.failed(this.sessionId);
      return { kind: 'nothing', stat: this.stat(), search: undefined };
    }
  }

  stored(reading: FreshBytes): void {
    this.offset = reading.to;
    this.expected = { generation: reading.generation, offset: reading.to };
    if (this.batch === undefined) return;
    this.batch.pending.stored(reading);
    if (!this.batch.pending.isEmpty) return;
    this.queue?.published(this.batch);
    this.batch = undefined;
  }

  private readFrom(store: OpenStore, { position, room }: ReadRequest): Reading {
    const { rows } = store;
    if (rows === undefined) return this.gone();
    if (!this.follows(position) || this.inode !== store.inode) this.restart(store, position);
    const directory = rows.directoryOf(this.sessionId);
    if (directory === undefined && !rows.hasRows(this.sessionId)) return this.gone();
    if (directory !== undefined && this.store.isExcluded(directory)) return this.nothing();
    const batch = this.batch ?? this.nextBatch(rows, { position, room });
    return batch === undefined ? this.nothing() : this.fact(store, batch, room);
  }

  private follows({ generation, offset }: Position): boolean {
    const { expected } = this;
    return expected?.generation === generation && expected?.offset === offset;
  }

  /** At a start, after another watcher's fact, and where another store has come to this one's place. */
  private restart({ inode }: OpenStore, { generation, offset, identity }: Position): void {
    const goesOn = generation !== undefined && identity?.inode === inode;
    this.generation = goesOn ? generation : newGeneration();
    this.offset = goesOn ? offset : 0;
    this.expected = { generation, offset };
    this.inode = inode;
    this.queue = undefined;
    this.batch = undefined;
  }

  private listed(rows: StoreStatements, { cursor, generation }: Position): SessionQueue {
    const goesOn = generation !== undefined && generation === this.generation;
    return SessionQueue.of(this.sessionId, rows, goesOn ? parseCursor(cursor) : undefined);
  }

  private nextBatch(
    rows: StoreStatements,
    { position, room }: Pick<ReadRequest, 'position' | 'room'>,
  ): PendingBatch | undefined {
    this.queue ??= this.listed(rows, position);
    const batch = this.queue.take(rows, room);
    if (batch === undefined) return undefined;
    for (const { note, isUnfinished } of batch.rows) this.store.noteRow(note.table, note.id, isUnfinished);
    this.batch = { ...batch, pending: new PendingLines(batch.lines) };
    return this.batch;
  }

  private fact(store: OpenStore, batch: PendingBatch, room: number): Reading {
    const slice = batch.pending.take(room);
    if (slice === undefined) return this.nothing();
    const { bytes, part, around, last } = slice;
    const cursor = last ? batch.cursorAfter : batch.cursorBefore;
    return {
      kind: 'bytes',
      type: 'telltale.rows.changed.v1',
      bytes,
      part,
      ...(around === undefined ? {} : { around }),
      ...(cursor === undefined ? {} : { cursor }),
      generation: this.generation,
      from: this.offset,
      to: this.offset + bytes.length,
      // Rows have no first bytes to be known by: it is the store that must be the same.
      identity: {
        device: store.device,
        inode: store.inode,
        hash: fingerprint(Buffer.from(this.sessionId)),
        bytes: 0,
      },
      tail: fingerprint(bytes.subarray(Math.max(0, bytes.length - tailLimit))),
      stat: this.stat(),
      more: true,
    };
  }

  private nothing(): Reading {
    return { kind: 'nothing', stat: this.stat(), search: undefined };
  }

  private gone(): Reading {
    this.startOver();
    return { kind: 'gone' };
  }

  private stat(): FileStat {
    return {
      size: this.offset + (this.queue?.bytes ?? 0),
      mtimeMs: this.queue?.updatedAt ?? 0,
      inode: this.inode ?? 0,
    };
  }
}
