import { InjectionToken } from '@angular/core';
import type { ClientToServerEvents, ServerToClientEvents } from '@telltale/contracts';
import { io, type Socket } from 'socket.io-client';

export type LiveSocket = Pick<
  Socket<ServerToClientEvents, ClientToServerEvents>,
  'connected' | 'connect' | 'disconnect' | 'on' | 'emit' | 'timeout'
>;

/** contracts' `liveNamespace`; written out because importing it would pull every schema into the first load. */
const namespace: typeof import('@telltale/contracts').liveNamespace = '/live';

/**
 * How a socket is made; a test hands in its own. WebSocket only: where that is blocked, polling with ETags costs
 * the gateway far less than Socket.IO's long polling. Reconnecting is the connection's own work, which counts the
 * attempts and shows them.
 */
export const liveSocket = new InjectionToken<() => LiveSocket>('live socket', {
  providedIn: 'root',
  factory: () => () =>
    io(namespace, {
      transports: ['websocket'],
      reconnection: false,
      autoConnect: false,
      timeout: 10_000,
      // deltas only, not the earlier systems' events beside them
      auth: { events: 'delta' },
    }),
});
