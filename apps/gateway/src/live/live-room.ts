import type { Subscription } from '@nats-io/transport-node';
import type { Delta, Room } from '@telltale/contracts';
import { isAfter } from '../sessions/revisions';
import { Coalesced } from './coalesced';
import type { Snapshot } from './snapshots';

/** What goes to one client while its snapshot is being read. */
type Held = Delta[];

/** A room that has members, or clients about to become members, and where its deltas have led to. */
export class LiveRoom {
  /** Ids of sockets that get what is broadcast. */
  readonly members = new Set<string>();
  /** The newest revision told to the room; undefined until the first. */
  revision: string | undefined;
  /** Pending answers, shared by those who join at the same time. */
  readonly snapshot: Coalesced<Snapshot | undefined>;
  private readonly joining = new Map<string, Held>();

  constructor(
    readonly room: Room,
    private readonly subscription: Subscription,
    takeSnapshot: () => Promise<Snapshot | undefined>,
  ) {
    this.snapshot = new Coalesced(takeSnapshot);
  }

  get isEmpty(): boolean {
    return this.members.size === 0 && this.joining.size === 0;
  }

  /** From here on, deltas are kept for this client until it has its snapshot. */
  hold(socketId: string): void {
    this.members.delete(socketId);
    this.joining.set(socketId, []);
  }

  /** A delta came. */
  hear(delta: Delta): void {
    for (const held of this.joining.values()) held.push(delta);
    this.advance(delta.to);
  }

  /** The client holds `revision`: it is a member now. Gives what it has to be sent to be up to date. */
  admit(socketId: string, revision: string): readonly Delta[] {
    const held = this.joining.get(socketId) ?? [];
    this.joining.delete(socketId);
    this.members.add(socketId);
    this.advance(revision);
    return held.filter((delta) => isAfter(delta.to, revision));
  }

  leave(socketId: string): void {
    this.members.delete(socketId);
    this.joining.delete(socketId);
  }

  /** Deltas of one room come in order from one publisher, but ownership may move: never go back. */
  advance(revision: string): void {
    if (this.revision === undefined || isAfter(revision, this.revision)) this.revision = revision;
  }

  close(): void {
    this.subscription.unsubscribe();
  }
}
