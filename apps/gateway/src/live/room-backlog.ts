import { maxDeltaBytes, type Delta, type Room, type SessionChanges } from '@telltale/contracts';
import { mergeChanges } from '@telltale/domain';
import { isAfter } from '../sessions/revisions';

export interface BacklogBounds {
  /** Of all that is kept: each delta's JSON, summed up. */
  readonly bytes: number;
  /** Deltas that cannot be merged, because the one before them is missing. */
  readonly loose: number;
}
export const backlogBounds: BacklogBounds = { bytes: maxDeltaBytes, loose: 32 };

/** Where in the backlog somebody fell behind. */
export interface Mark {
  /** The revision that was told last. */
  readonly from: string;
  readonly touch: number;
  readonly late: number;
}

/** What happened to one session, in one delta. */
interface Merged {
  readonly delta: Delta;
  readonly changes: SessionChanges;
  readonly touch: number;
}

/**
 * What those of a room's members who cannot keep up have yet to be told: one merged delta for each session, shared by
 * all of them. That is right wherever in it somebody fell behind, for values are absolute: applied to a state that has
 * some of them already, it comes to the same. Kept within bounds; beyond, it says nothing but that one should ask again.
 */
export class RoomBacklog {
  /** By session, the one touched last at the end: so each leads from the one before it. */
  private readonly merged = new Map<string, Merged>();
  /** Came before the one they follow, by what they lead from. */
  private readonly early = new Map<string | null, Delta>();
  /** Came after one that goes further: sent as they are, a client puts them where they belong. */
  private readonly late: Delta[] = [];
  private touches = 0;
  /** No less than what is kept. */
  private bytes = 0;
  private full = false;

  /** @param end the newest revision that the room has been told */
  constructor(
    private readonly room: Room,
    private end: string,
    private readonly bounds: BacklogBounds = backlogBounds,
  ) {}

  /** Nothing is kept any more. */
  get overflowed(): boolean {
    return this.full;
  }

  mark(): Mark {
    return { from: this.end, touch: this.touches, late: this.late.length };
  }

  /** @param bytes of the delta's JSON */
  add(delta: Delta, bytes: number): void {
    if (this.full) return;
    if (!delta.changes) return this.overflow();
    this.bytes += bytes;
    if (delta.from === this.end) this.link(delta, delta.changes);
    else this.putAside(delta);
    if (this.bytes > this.bounds.bytes) this.measure();
  }

  /** In the order in which they are to be sent. Undefined: more than is kept, one has to ask again. */
  since(mark: Mark): readonly Delta[] | undefined {
    if (this.full) return undefined;
    let { from } = mark;
    const merged: Delta[] = [];
    for (const { delta, changes, touch } of this.merged.values()) {
      if (touch <= mark.touch) continue;
      merged.push({ ...delta, room: this.room, from, changes });
      from = delta.to;
    }
    return [...this.late.slice(mark.late), ...merged, ...this.early.values()];
  }

  overflow(): void {
    this.full = true;
    this.merged.clear();
    this.early.clear();
    this.late.length = 0;
  }

  private link(delta: Delta, changes: SessionChanges): void {
    const known = this.merged.get(delta.sessionId);
    const both = known ? mergeChanges(known.changes, changes) : changes;
    if (!both) return this.overflow();
    this.merged.delete(delta.sessionId);
    this.merged.set(delta.sessionId, { delta, changes: both, touch: ++this.touches });
    this.end = delta.to;
    const next = this.early.get(delta.to);
    if (!next?.changes) return;
    this.early.delete(delta.to);
    this.link(next, next.changes);
  }

  private putAside(delta: Delta): void {
    const isEarly = isAfter(delta.to, this.end);
    if (isEarly && this.early.has(delta.from)) return this.overflow();
    if (isEarly) this.early.set(delta.from, delta);
    else this.late.push(delta);
    if (this.early.size + this.late.length > this.bounds.loose) this.overflow();
  }

  /**
   * What was added up may be far more than what is left of it. Where little is left the sum goes on from there; a
   * quarter of the room has to be free then, so that this is not done over and over.
   */
  private measure(): void {
    const merged = [...this.merged.values()].map(({ delta, changes }) => ({ ...delta, changes }));
    this.bytes = Buffer.byteLength(JSON.stringify([merged, [...this.early.values()], this.late]));
    if (this.bytes > this.bounds.bytes * 0.75) this.overflow();
  }
}
