import type { Socket } from 'socket.io';

/**
 * Ends a client's connection without a word, so that it comes back by itself: Socket.IO's own client stays away for
 * good when a server says `disconnect`. That is for who may not be here any more.
 */
export function letGo({ conn }: Pick<Socket, 'conn'>): void {
  conn.close(true);
}
