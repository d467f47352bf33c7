import { WebSocketServer, type ServerOptions } from 'ws';

/** That a client may take to answer that its socket is to be closed: until then it keeps the connection. */
const closeTimeout = 2_000;

/** As it is in the package, which waits for 30 s. Its types do not know the option. */
export class GatewayWebSocketServer extends WebSocketServer {
  constructor(options: ServerOptions) {
    super({ ...options, ...{ closeTimeout } });
  }
}
