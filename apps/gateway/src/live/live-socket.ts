import type { ClientToServerEvents, Room, ServerToClientEvents } from '@telltale/contracts';
import type { DefaultEventsMap, Namespace, Socket } from 'socket.io';
import type { Credential } from './credential';
import type { OutgoingBuffer } from './outgoing-buffer';

export interface SocketData {
  /** What opened the socket, shared by all that it opened. */
  credential: Credential;
  /** Only deltas are wanted, not the earlier systems' events beside them. */
  deltasOnly: boolean;
  /** Rooms the client has subscribed to. */
  rooms: Set<Room>;
  outgoing: OutgoingBuffer;
  /** Questions that were not answered yet, and the answer to the last of them; each waits for the one before. */
  asking: number;
  answered: Promise<void> | undefined;
}

export type LiveSocket = Socket<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, SocketData>;
export type LiveNamespace = Namespace<
  ClientToServerEvents,
  ServerToClientEvents,
  DefaultEventsMap,
  SocketData
>;

/** Beside the rooms of the wire: their members that want the earlier systems' events too. */
export function wordsRoom(room: Room): string {
  return `words:${room}`;
}
