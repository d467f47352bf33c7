import type { Subscription } from '@nats-io/transport-node';
import { Injectable } from '@nestjs/common';
import {
  fleetRoom,
  liveSessionSubjects,
  sessionRoom,
  type Alert,
  type Delta,
  type Room,
  type Stats,
  type SubscribeAck,
} from '@telltale/contracts';
import { DeltaFeed } from './delta-feed';
import { earlierEvents, type EarlierEvent } from './earlier-words';
import { wordsRoom, type LiveNamespace, type LiveSocket } from './live-socket';

/**
 * Says beside the deltas what the earlier systems said, to those who want it: every session's doings to the fleet,
 * one session's to its own room. Both come from the sessions' own deltas, for the fleet's carry summaries only: a
 * room's own are heard there anyway, all of them only as long as somebody in the fleet wants them.
 */
@Injectable()
export class EarlierEvents {
  private readonly inFleet = new Set<string>();
  /** The figures that were told last in rooms of sessions, as long as somebody is there to be told. */
  private readonly stats = new Map<Room, Stats>();
  private sockets: LiveNamespace | undefined;
  private subscription: Subscription | undefined;

  constructor(private readonly feed: DeltaFeed) {}

  attach(sockets: LiveNamespace): void {
    this.sockets = sockets;
  }

  /** Nothing for those who want deltas only. */
  join(socket: LiveSocket, room: Room): void {
    if (socket.data.deltasOnly) return;
    void socket.join(wordsRoom(room));
    if (room !== fleetRoom) return;
    this.inFleet.add(socket.id);
    this.subscription ??= this.feed.followSubject(liveSessionSubjects, (delta) => this.ofAnySession(delta));
  }

  /** A member that has just joined: it knows the figures of its answer, and is told what was held while that was read. */
  admit(socket: LiveSocket, room: Room, answer: SubscribeAck, held: readonly Delta[]): void {
    if (socket.data.deltasOnly) return;
    const known = figuresIn(answer);
    const newest = held.findLast(({ changes }) => changes?.stats)?.changes?.stats ?? known;
    if (room !== fleetRoom && newest && !this.stats.has(room)) this.stats.set(room, newest);
    this.tell(socket, room, held, known);
  }

  /** Until it joins again, the socket is told nothing: it does not keep up. */
  pause(socket: LiveSocket, room: Room): void {
    void socket.leave(wordsRoom(room));
  }

  leave(socket: LiveSocket, room: Room): void {
    void socket.leave(wordsRoom(room));
    if (!this.has(wordsRoom(room))) this.stats.delete(room);
    if (room === fleetRoom && this.inFleet.delete(socket.id) && this.inFleet.size === 0) this.stop();
  }

  stop(): void {
    this.subscription?.unsubscribe();
    this.subscription = undefined;
  }

  /** A delta of a room that has members: of a session's own, its members are told. */
  ofRoom(room: Room, delta: Delta): void {
    if (room === fleetRoom || !this.has(wordsRoom(room))) return;
    const events = earlierEvents(delta, this.stats.get(room));
    if (delta.changes?.stats) this.stats.set(room, delta.changes.stats);
    for (const event of events) {
      const audience = this.sockets?.to(wordsRoom(room));
      if (audience) say(audience, event);
    }
  }

  /** One that has just caught up joins again, and is told what all comes to that it was not told. */
  resume(socket: LiveSocket, room: Room, deltas: readonly Delta[]): void {
    this.join(socket, room);
    if (!socket.data.deltasOnly) this.tell(socket, room, deltas);
  }

  /** To one that was not told these when they came. @param known the figures it has been told, where that is known */
  private tell(socket: LiveSocket, room: Room, deltas: readonly Delta[], known?: Stats): void {
    let before = known;
    for (const delta of deltas) {
      for (const event of earlierEvents(delta, before)) {
        if (socket.data.outgoing.isSlow) return; // again; these are told at most once
        if (room !== fleetRoom || event.to === 'both') say(socket, event);
      }
      before = delta.changes?.stats ?? before;
    }
  }

  /** To the members of the rooms, to each once. */
  sayAlert(rooms: readonly Room[], alert: Alert): void {
    this.sockets?.to(rooms.map(wordsRoom)).emit('alert:raised', { alert, timestamp: alert.at });
  }

  private ofAnySession(delta: Delta): void {
    const fleet = wordsRoom(fleetRoom);
    if (!this.sockets || !this.has(fleet)) return;
    for (const event of earlierEvents(delta)) {
      // Members of the session's own room are told there.
      const audience = this.sockets.to(fleet).except(wordsRoom(sessionRoom(delta.sessionId)));
      if (event.to === 'both') say(audience, event);
    }
  }

  private has(name: string): boolean {
    return (this.sockets?.adapter.rooms.get(name)?.size ?? 0) > 0;
  }
}

function figuresIn(answer: SubscribeAck): Stats | undefined {
  return 'snapshot' in answer && 'stats' in answer.snapshot ? answer.snapshot.stats : undefined;
}

type Emitter = Pick<LiveSocket | ReturnType<LiveNamespace['to']>, 'emit'>;

function say(audience: Emitter, { name, payload }: EarlierEvent): void {
  // One name of many: that the payload is this name's was checked where the two were put together.
  (audience.emit as (name: string, payload: unknown) => unknown).call(audience, name, payload);
}
