import type { Subscription } from '@nats-io/transport-node';
import { Injectable } from '@nestjs/common';
import { fleetRoom, liveSessionSubjects, sessionRoom, type Delta, type Room } from '@telltale/contracts';
import { DeltaFeed } from './delta-feed';
import { earlierEvents } from './earlier-words';
import { slowRoom, wordsRoom, type LiveNamespace, type LiveSocket } from './live-socket';

/**
 * Says beside the deltas what the earlier systems said, to those who want it: every session's doings to the fleet,
 * one session's to its own room. It comes from the sessions' deltas, for the fleet's carry summaries only; nobody
 * listens to those as long as nobody wants it.
 */
@Injectable()
export class EarlierEvents {
  private sockets: LiveNamespace | undefined;
  private subscription: Subscription | undefined;

  constructor(private readonly feed: DeltaFeed) {}

  attach(sockets: LiveNamespace): void {
    this.sockets = sockets;
  }

  join(socket: LiveSocket, room: Room): void {
    void socket.join(wordsRoom(room));
    this.subscription ??= this.feed.followSubject(liveSessionSubjects, (delta) => this.say(delta));
  }

  /** Somebody left the room. */
  left(room: Room): void {
    if (this.sizeOf(room) === 0 && !this.anybody()) this.stop();
  }

  stop(): void {
    this.subscription?.unsubscribe();
    this.subscription = undefined;
  }

  private say(delta: Delta): void {
    const own = wordsRoom(sessionRoom(delta.sessionId));
    const fleet = wordsRoom(fleetRoom);
    const wanted = this.has(fleet) || this.has(own);
    if (!wanted || !this.sockets) return;
    for (const { name, payload, to } of earlierEvents(delta)) {
      const audience = to === 'both' ? [own, fleet] : [own];
      // One name of many: the payload's type cannot be told apart here.
      this.sockets.to(audience).except(slowRoom).emit(name as 'session:update', payload);
    }
  }

  private anybody(): boolean {
    return [...(this.sockets?.adapter.rooms.keys() ?? [])].some((name) => name.startsWith(wordsRoom('' as Room)));
  }

  private sizeOf(room: Room): number {
    return this.sockets?.adapter.rooms.get(wordsRoom(room))?.size ?? 0;
  }

  private has(name: string): boolean {
    return (this.sockets?.adapter.rooms.get(name)?.size ?? 0) > 0;
  }
}
