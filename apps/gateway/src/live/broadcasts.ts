import { Inject, Injectable } from '@nestjs/common';
import { sessionOfRoom, type Delta, type Room } from '@telltale/contracts';
import { CLOCK, type Clock } from '../connections';
import { EmitLatency } from './emit-latency';
import type { LiveNamespace } from './live-socket';

/** Sends deltas to sockets. */
@Injectable()
export class Broadcasts {
  private sockets: LiveNamespace | undefined;

  constructor(
    private readonly latency: EmitLatency,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Called once, when the transport is up. */
  attach(sockets: LiveNamespace): void {
    this.sockets = sockets;
  }

  /** At once, to all members of the room that keep up; serialized once for all of them. */
  toRoom(room: Room, delta: Delta): void {
    this.sockets?.to(room).emit('delta', this.latency.stamped(delta));
  }

  /** Everybody in the room asks again. */
  refetchRoom(room: Room, from: string | undefined, to: string): void {
    this.toRoom(room, this.refetch(room, from ?? null, to));
  }

  /** What tells one who holds `from` to ask again; null: whatever it holds. */
  refetch(room: Room, from: string | null, to: string): Delta {
    const at = new Date(this.now()).toISOString();
    return { room, sessionId: sessionOfRoom(room) ?? '', from, to, at, refetch: true };
  }
}
