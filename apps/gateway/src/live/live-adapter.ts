import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Logger } from '@telltale/platform';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { isOwnHost, isTrustedOrigin } from '../accounts/origins';
import type { GatewayConfig } from '../config';

/** Nest brings a Socket.IO of its own; these are the names of its types. */
type Server = ReturnType<IoAdapter['createIOServer']>;
type Options = NonNullable<Parameters<IoAdapter['createIOServer']>[1]>;

/** Keepalive of the earlier systems; a client gone without a word is noticed within 50 s. */
const pingMs = { interval: 30_000, timeout: 20_000 } as const;

/** Socket.IO on the gateway's own port, with bounds, and closed to pages of foreign origins. */
export class LiveAdapter extends IoAdapter {
  constructor(
    app: INestApplicationContext & { getHttpServer(): HttpServer },
    private readonly config: GatewayConfig,
    private readonly log: Logger,
  ) {
    super(app);
  }

  override createIOServer(port: number): Server {
    if (port !== 0) throw new Error('the live interface has no port of its own');
    return super.createIOServer(port, this.options() as Options); // all of them are optional, whatever the type says
  }

  private options(): Partial<Options> {
    return {
      serveClient: false,
      // Deflate costs 230 KiB a connection and would squeeze each delta once a client.
      perMessageDeflate: false,
      httpCompression: false,
      maxHttpBufferSize: 64 * 1024,
      pingInterval: pingMs.interval,
      pingTimeout: pingMs.timeout,
      cors: { origin: [...this.config.allowedOrigins], credentials: true },
      allowRequest: (request, decide) => decide(null, this.isAllowed(request)),
    };
  }

  private isAllowed(request: IncomingMessage): boolean {
    const allowed =
      isOwnHost(request.headers.host, this.config) && isTrustedOrigin(request.headers, this.config);
    if (!allowed) {
      this.log.warn('a socket was refused', { host: request.headers.host, origin: request.headers.origin });
    }
    return allowed;
  }
}
