import type { LiveSocket } from './live-socket';
import { slowRoom } from './live-socket';

export interface Bounds {
  /** What may wait for one client. */
  readonly bytes: number;
  /** A client that has taken nothing for so long is let go: it reconnects when it can. */
  readonly stalledMs: number;
}
export const clientBounds: Bounds = { bytes: 1024 * 1024, stalledMs: 15_000 };

/**
 * Keeps count of what waits to be sent to one client. Above the bound it gets nothing more (it is in the room
 * `slow`, which broadcasts leave out) until it has taken all of it; then it is told to ask again.
 */
export function boundBuffer(socket: LiveSocket, caughtUp: () => void, bounds: Bounds = clientBounds): void {
  const { conn } = socket;
  let waiting = 0;
  let stalled: NodeJS.Timeout | undefined;
  const added = (packet: { data?: unknown }) => {
    waiting += typeof packet.data === 'string' ? packet.data.length : 0;
    if (waiting <= bounds.bytes || stalled) return;
    void socket.join(slowRoom);
    // The transport is stuck: waiting for it to take a farewell would be waiting for ever.
    stalled = setTimeout(() => conn.close(true), bounds.stalledMs).unref();
  };
  const taken = () => {
    waiting = 0;
    if (!stalled) return;
    clearTimeout(stalled);
    stalled = undefined;
    void socket.leave(slowRoom);
    caughtUp();
  };
  conn.on('packetCreate', added);
  // Emitted when everything that waited is handed to the transport, which takes no more before it has sent that.
  conn.on('drain', taken);
  socket.once('disconnect', () => {
    clearTimeout(stalled);
    conn.off('packetCreate', added);
    conn.off('drain', taken);
  });
}
