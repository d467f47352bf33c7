import type { Subscription } from '@nats-io/transport-node';
import type { Delta, Room } from '@telltale/contracts';
import { isAfter, isSurelyAfter } from '../sessions/revisions';
import { Coalesced } from '../work/coalesced';
import { HeldDeltas } from './held-deltas';
import { RoomBacklog, type Mark } from './room-backlog';
import type { Snapshot } from './snapshots';

/** What one member has not been told, because it could not keep up. */
export interface Behind {
  readonly backlog: RoomBacklog;
  readonly mark: Mark;
}

export interface RoomReads {
  readonly revision: () => Promise<string | undefined>;
  readonly snapshot: () => Promise<Snapshot | undefined>;
  /** Until NATS knows that we want to hear the room. */
  readonly settled: () => Promise<void>;
}

/** A room that has members, or clients about to become members, and where its deltas have led to. */
export class LiveRoom {
  /** Ids of sockets that are to know what happens here, at once or as soon as they keep up. */
  readonly members = new Set<string>();
  /** The newest revision that all members have been led to, deltas on their way aside; undefined until the first. */
  revision: string | undefined;
  /** Pending answers, shared by those who join at the same time. */
  readonly snapshot: Coalesced<Snapshot | undefined>;
  readonly current: Coalesced<string | undefined>;
  readonly settled: Promise<void>;
  private readonly held = new HeldDeltas();
  /** As long as some are behind. */
  private backlog: RoomBacklog | undefined;
  private behind = 0;

  constructor(
    readonly room: Room,
    private readonly subscription: Subscription,
    reads: RoomReads,
  ) {
    this.snapshot = new Coalesced(reads.snapshot);
    this.current = new Coalesced(reads.revision);
    this.settled = reads.settled();
  }

  get isEmpty(): boolean {
    return this.members.size === 0 && this.held.isEmpty;
  }

  /** From here on, deltas are kept for this client until it has its snapshot. */
  hold(socketId: string): void {
    this.members.delete(socketId);
    this.held.hold(socketId);
  }

  /** A delta came, of so many bytes of JSON. */
  hear(delta: Delta, bytes: number): void {
    this.held.add(delta, bytes);
    this.backlog?.add(delta, bytes);
    this.advance(delta.to);
  }

  /**
   * The client holds `revision`: it is a member now. Gives what it has to be sent to be up to date; undefined where
   * that was more than is kept, or the room was led further by other ways, so that it has to ask again.
   */
  admit(socketId: string, revision: string): readonly Delta[] | undefined {
    // Others may still wait for the delta that leads there; if it was lost, the room has to be found behind.
    if (this.members.size === 0) this.advance(revision);
    this.members.add(socketId);
    const held = this.held.take(socketId, revision);
    const reached = held?.at(-1)?.to ?? revision;
    return this.revision !== undefined && isSurelyAfter(this.revision, reached) ? undefined : held;
  }

  leave(socketId: string): void {
    this.members.delete(socketId);
    this.held.drop(socketId);
  }

  /** From here on, a member is not told at once: until `caughtUp` the room merges for it. */
  fallBehind(): Behind {
    if (!this.backlog || this.backlog.overflowed) {
      this.backlog = new RoomBacklog(this.room, this.revision ?? '');
      this.behind = 0;
    }
    this.behind++;
    return { backlog: this.backlog, mark: this.backlog.mark() };
  }

  /** A member that had fallen behind is told of all now, or has gone. */
  caughtUp({ backlog }: Behind): void {
    if (backlog !== this.backlog) return; // that one had overflowed: others are merged for since
    this.behind--;
    if (this.behind === 0) this.backlog = undefined;
  }

  /** All members have to ask again: so far the room has come, and something on the way was lost. */
  lose(revision: string): void {
    this.backlog?.overflow();
    this.revision = revision;
  }

  /** Deltas of one room come in order from one publisher, but ownership may move: never go back. */
  private advance(revision: string): void {
    if (this.revision === undefined || isAfter(revision, this.revision)) this.revision = revision;
  }

  close(): void {
    this.subscription.unsubscribe();
  }
}
