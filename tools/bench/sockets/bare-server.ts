import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { obey } from './orders';

export const bareServerRole = 'sockets-bare';

/** The floor: Socket.IO as it comes, one room, and nothing around it. */
export type BareOrders = {
  /** Gives its port. */
  listen: () => Promise<number>;
  emit: (payload: object) => void;
};

export function runBareServer(): void {
  const http = createServer();
  const server = new Server(http, { serveClient: false, perMessageDeflate: false });
  server.on('connection', (socket) => void socket.join('fleet'));
  const orders: BareOrders = {
    listen: async () => {
      await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
      return (http.address() as AddressInfo).port;
    },
    emit: (payload) => void server.to('fleet').emit('delta', payload),
  };
  obey(orders);
}
