import type { ClientToServerEvents, Room, ServerToClientEvents } from '@telltale/contracts';
import type { DefaultEventsMap, Namespace, Socket } from 'socket.io';

export interface SocketData {
  /** Epoch milliseconds at which the token that opened the socket expires. */
  expiresAt: number;
  /** Only deltas are wanted, not the earlier systems' events beside them. */
  deltasOnly: boolean;
  /** Rooms the client has subscribed to. */
  rooms: Set<Room>;
}

export type LiveSocket = Socket<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, SocketData>;
export type LiveNamespace = Namespace<
  ClientToServerEvents,
  ServerToClientEvents,
  DefaultEventsMap,
  SocketData
>;

/** Socket.IO rooms beside those of the wire. */
export const slowRoom = 'slow';

/** Members of the room that want the earlier systems' events too. */
export function wordsRoom(room: Room): string {
  return `words:${room}`;
}
