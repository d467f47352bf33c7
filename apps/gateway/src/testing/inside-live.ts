import type { NatsConnection } from '@nats-io/transport-node';
import type { Room } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { NATS } from '../connections';
import { LiveGateway } from '../live/live.gateway';
import { LiveRooms } from '../live/live-rooms';
import type { LiveNamespace, LiveSocket } from '../live/live-socket';
import type { TestGateway } from './test-gateway';

/** What the gateway itself knows of its live clients, for tests to wait for instead of a time. */
export interface InsideLive {
  sockets(): readonly LiveSocket[];
  /** Those that have stopped taking what they are sent, and those that were let go for it. */
  areSlow(sockets: readonly LiveSocket[]): boolean;
  /** NATS knows of every subscription that was made so far: what is published from now on comes. */
  listens(): Promise<void>;
  /** The delta that leads there has come, and with it all before it. */
  heard(room: Room, revision: string): Promise<void>;
  /** Nobody is in any room: who comes next finds none that has gone further than the rows of its test. */
  isEmpty(): Promise<void>;
}

const patient = { timeoutMs: 60_000, everyMs: 2 } as const;

export function insideLive({ app }: TestGateway): InsideLive {
  const rooms = app.get(LiveRooms);
  const namespace = Reflect.get(app.get(LiveGateway), 'sockets') as LiveNamespace;
  return {
    sockets: () => [...namespace.sockets.values()],
    areSlow: (sockets) => sockets.every(({ connected, data }) => !connected || data.outgoing.isSlow),
    listens: () => app.get<NatsConnection>(NATS).flush(),
    heard: (room, revision) => eventually(() => expect(rooms.get(room)?.revision).toBe(revision), patient),
    isEmpty: () => eventually(() => expect(rooms.list().map(({ room }) => room)).toEqual([]), patient),
  };
}
