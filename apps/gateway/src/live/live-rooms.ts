import { Injectable } from '@nestjs/common';
import type { Delta, Room, SubscribeAck } from '@telltale/contracts';
import { isDatabaseAway } from '../problems/to-problem';
import { Broadcasts } from './broadcasts';
import { DeltaFeed } from './delta-feed';
import { LiveRoom } from './live-room';
import { Snapshots } from './snapshots';

export interface Admission {
  readonly ack: SubscribeAck;
  /** To be sent right after the ack. Undefined: not admitted. */
  readonly held?: readonly Delta[];
}

/** Rooms exist as long as somebody is in them, and so does our interest in their NATS subjects. */
@Injectable()
export class LiveRooms {
  private readonly rooms = new Map<Room, LiveRoom>();

  constructor(
    private readonly feed: DeltaFeed,
    private readonly snapshots: Snapshots,
    private readonly broadcasts: Broadcasts,
  ) {}

  list(): readonly LiveRoom[] {
    return [...this.rooms.values()];
  }

  get(room: Room): LiveRoom | undefined {
    return this.rooms.get(room);
  }

  /**
   * Listens first, then reads the snapshot: no delta falls between the two. `stillThere` is asked before anybody
   * becomes a member: a client may go while its snapshot is being read.
   */
  async join(
    room: Room,
    socketId: string,
    known: { revision: string | undefined; stillThere: () => boolean },
  ): Promise<Admission> {
    const live = this.rooms.get(room) ?? this.open(room);
    live.hold(socketId);
    try {
      await this.feed.settled();
      const answer = await this.answer(live, known.revision);
      if ('error' in answer || !known.stillThere()) {
        this.leave(room, socketId);
        return { ack: answer };
      }
      return { ack: answer, held: live.admit(socketId, answer.revision) };
    } catch (error) {
      this.leave(room, socketId);
      if (isDatabaseAway(error))
        return { ack: { error: { status: 503, title: 'The database does not answer.' } } };
      throw error;
    }
  }

  leave(room: Room, socketId: string): void {
    const live = this.rooms.get(room);
    if (!live) return;
    live.leave(socketId);
    if (!live.isEmpty) return;
    live.close();
    this.rooms.delete(room);
  }

  closeAll(): void {
    for (const live of this.rooms.values()) live.close();
    this.rooms.clear();
  }

  private async answer(live: LiveRoom, known: string | undefined): Promise<SubscribeAck> {
    if (known !== undefined && (await this.snapshots.revision(live.room)) === known) {
      return { revision: known, upToDate: true };
    }
    const snapshot = await live.snapshot.get();
    return snapshot ?? { error: { status: 404, title: 'There is no such session.' } };
  }

  private open(room: Room): LiveRoom {
    const subscription = this.feed.follow(room, (delta) => {
      const live = this.rooms.get(room);
      if (!live) return; // the last member left while this was on its way
      live.hear(delta);
      if (live.members.size > 0) this.broadcasts.toRoom(room, delta);
    });
    const live = new LiveRoom(room, subscription, () => this.snapshots.take(room));
    this.rooms.set(room, live);
    return live;
  }
}
