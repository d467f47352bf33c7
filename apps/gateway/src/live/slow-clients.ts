import { Inject, Injectable } from '@nestjs/common';
import type { Delta, Room } from '@telltale/contracts';
import { Counter, Gauge, type Registry } from 'prom-client';
import { METRICS } from '../connections';
import { Broadcasts } from './broadcasts';
import { EarlierEvents } from './earlier-events';
import type { Behind } from './live-room';
import { LiveRooms } from './live-rooms';
import type { LiveSocket } from './live-socket';
import { OutgoingBuffer } from './outgoing-buffer';

/**
 * Bounds what a client costs that takes less than it is sent. It leaves the broadcasts; each of its rooms merges its
 * deltas, once for all who are behind; and when it has taken what waited, it is sent what they come to and is back.
 */
@Injectable()
export class SlowClients {
  private readonly behind = new Map<LiveSocket, Map<Room, Behind | 'refetch'>>();
  private readonly dropped: Counter;

  constructor(
    private readonly rooms: LiveRooms,
    private readonly words: EarlierEvents,
    private readonly broadcasts: Broadcasts,
    @Inject(METRICS) registry: Registry,
  ) {
    const registers = [registry];
    const { behind } = this;
    new Gauge({
      name: 'telltale_live_slow_clients',
      help: 'Clients of the live interface that are behind: their deltas are merged until they have caught up',
      registers,
      collect() {
        this.set(behind.size);
      },
    });
    this.dropped = new Counter({
      name: 'telltale_live_dropped_clients_total',
      help: 'Clients that were disconnected because they took too little for too long',
      registers,
    });
  }

  watch(socket: LiveSocket): void {
    socket.data.outgoing = new OutgoingBuffer(socket.conn, {
      slow: () => this.fallBehind(socket),
      drained: () => this.catchUp(socket),
      dropped: () => this.dropped.inc(),
    });
  }

  /** To a member of the room. Undefined: there was more than is kept, it has to ask again. */
  deliver(socket: LiveSocket, room: Room, deltas: readonly Delta[] | undefined): void {
    if (!deltas) return this.tellToAskAgain(socket, room);
    for (const delta of deltas) {
      if (socket.data.outgoing.isSlow) return this.put(socket, room, 'refetch'); // the rest is not kept for one alone
      socket.emit('delta', delta);
    }
  }

  /** The client left the room, or asks for it anew. */
  forget(socket: LiveSocket, room: Room): void {
    const rooms = this.behind.get(socket);
    const behind = rooms?.get(room);
    if (!rooms || !behind) return;
    rooms.delete(room);
    if (rooms.size === 0) this.behind.delete(socket);
    if (behind !== 'refetch') this.rooms.get(room)?.caughtUp(behind);
  }

  private fallBehind(socket: LiveSocket): void {
    for (const room of socket.data.rooms) {
      const live = this.rooms.get(room);
      // Who waits for its snapshot is no member yet: it is sent what was held when it can take it.
      if (live?.members.has(socket.id)) this.put(socket, room, live.fallBehind());
    }
  }

  private put(socket: LiveSocket, room: Room, behind: Behind | 'refetch'): void {
    this.forget(socket, room);
    const rooms = this.behind.get(socket) ?? new Map<Room, Behind | 'refetch'>();
    this.behind.set(socket, rooms.set(room, behind));
    void socket.leave(room);
    this.words.pause(socket, room);
  }

  /** Room by room; where that makes the client slow again, the others wait until it has taken this, too. */
  private catchUp(socket: LiveSocket): void {
    for (const [room, behind] of [...(this.behind.get(socket) ?? [])]) {
      if (socket.data.outgoing.isSlow) return;
      const deltas = behind === 'refetch' ? undefined : behind.backlog.since(behind.mark);
      this.forget(socket, room);
      void socket.join(room);
      this.deliver(socket, room, deltas);
      if (!socket.data.outgoing.isSlow) this.words.resume(socket, room, deltas ?? []);
    }
  }

  private tellToAskAgain(socket: LiveSocket, room: Room): void {
    const to = this.rooms.get(room)?.revision;
    if (to !== undefined) socket.emit('delta', this.broadcasts.refetch(room, null, to));
  }
}
