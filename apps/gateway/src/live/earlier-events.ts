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
  private readonly listeners = new Set<string>();
  private sockets: LiveNamespace | undefined;
  private subscription: Subscription | undefined;

  constructor(private readonly feed: DeltaFeed) {}

  attach(sockets: LiveNamespace): void {
    this.sockets = sockets;
  }

  join(socket: LiveSocket, room: Room): void {
    void socket.join(wordsRoom(room));
    this.listeners.add(listener(socket, room));
    this.subscription ??= this.feed.followSubject(liveSessionSubjects, (delta) => this.say(delta));
  }

  leave(socket: LiveSocket, room: Room): void {
    void socket.leave(wordsRoom(room));
    this.listeners.delete(listener(socket, room));
    if (this.listeners.size === 0) this.stop();
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
      this.sockets
        .to(audience)
        .except(slowRoom)
        .emit(name as 'session:update', payload);
    }
  }

  private has(name: string): boolean {
    return (this.sockets?.adapter.rooms.get(name)?.size ?? 0) > 0;
  }
}

function listener(socket: LiveSocket, room: Room): string {
  return `${socket.id} ${room}`;
}
