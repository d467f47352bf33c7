import { Injectable } from '@nestjs/common';
import type { Alert, Delta, Room, SubscribeAck, SubscribeRefusal } from '@telltale/contracts';
import { isDatabaseAway } from '../problems/to-problem';
import { Broadcasts } from './broadcasts';
import { DeltaFeed } from './delta-feed';
import { EarlierEvents } from './earlier-events';
import { LiveRoom } from './live-room';
import type { LiveNamespace } from './live-socket';
import { Snapshots } from './snapshots';

/** Somebody who wants to be in a room. */
export interface Applicant {
  readonly id: string;
  /** Resolves when it may be able to take an answer; undefined: it can. */
  ready(): Promise<void> | undefined;
  /** It may go while its snapshot is being read. */
  isThere(): boolean;
  /**
   * It is a member now: to be told the answer and, right after it, what was held. Undefined: that was too much, it has
   * to ask again.
   */
  admit(answer: SubscribeAck, held: readonly Delta[] | undefined): void;
}

/** Rooms exist as long as somebody is in them, and so does our interest in their NATS subjects. */
@Injectable()
export class LiveRooms {
  private readonly rooms = new Map<Room, LiveRoom>();

  constructor(
    private readonly feed: DeltaFeed,
    private readonly snapshots: Snapshots,
    private readonly broadcasts: Broadcasts,
    private readonly words: EarlierEvents,
  ) {}

  /** Called once, when the transport is up. */
  attach(sockets: LiveNamespace): void {
    this.broadcasts.attach(sockets);
    this.words.attach(sockets);
  }

  list(): readonly LiveRoom[] {
    return [...this.rooms.values()];
  }

  get(room: Room): LiveRoom | undefined {
    return this.rooms.get(room);
  }

  /** Listens first, then reads the snapshot: no delta falls between the two. Gives why one is not admitted. */
  async join(
    room: Room,
    known: string | undefined,
    applicant: Applicant,
  ): Promise<SubscribeRefusal | undefined> {
    const live = this.rooms.get(room) ?? this.open(room);
    live.hold(applicant.id);
    try {
      await live.settled;
      const answer = await this.answer(live, known);
      for (let ready = applicant.ready(); ready; ready = applicant.ready()) await ready;
      if (!('error' in answer) && applicant.isThere()) {
        applicant.admit(answer, live.admit(applicant.id, answer.revision));
        return undefined;
      }
      this.leave(room, applicant.id);
      return 'error' in answer ? answer : undefined;
    } catch (error) {
      this.leave(room, applicant.id);
      if (isDatabaseAway(error)) return { error: { status: 503, title: 'The database does not answer.' } };
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

  /** A delta was lost: all members ask again, those who are told later too. */
  refetch(live: LiveRoom, revision: string): void {
    this.broadcasts.refetchRoom(live.room, live.revision, revision);
    live.lose(revision);
  }

  /**
   * Tells the room's members of an alert, those that are behind as soon as they can take it. It changes nothing of the
   * room and leads from its revision to the same: who joins just now asks `/api/alerts`.
   */
  tellAlert(room: Room, alert: Alert): void {
    const live = this.rooms.get(room);
    if (live?.revision === undefined || live.members.size === 0) return;
    const { revision } = live;
    const changes = { alerts: [alert] };
    const sessionId = alert.sessionId ?? '';
    const delta: Delta = { room, sessionId, from: revision, to: revision, at: alert.at, changes };
    live.hear(delta, Buffer.byteLength(JSON.stringify(delta)));
    this.broadcasts.toRoom(room, delta);
  }

  closeAll(): void {
    this.words.stop();
    for (const live of this.rooms.values()) live.close();
    this.rooms.clear();
  }

  private async answer(live: LiveRoom, known: string | undefined): Promise<SubscribeAck> {
    if (known !== undefined && (await live.current.get()) === known) {
      return { revision: known, upToDate: true };
    }
    const snapshot = await live.snapshot.get();
    return snapshot ?? { error: { status: 404, title: 'There is no such session.' } };
  }

  private open(room: Room): LiveRoom {
    const subscription = this.feed.follow(room, (delta, bytes) => {
      const live = this.rooms.get(room);
      if (!live) return; // the last member left while this was on its way
      live.hear(delta, bytes);
      if (live.members.size === 0) return;
      this.broadcasts.toRoom(room, delta);
      this.words.ofRoom(room, delta);
    });
    const live = new LiveRoom(room, subscription, {
      revision: () => this.snapshots.revision(room),
      snapshot: () => this.snapshots.take(room),
      settled: () => this.feed.settled(),
    });
    this.rooms.set(room, live);
    return live;
  }
}
