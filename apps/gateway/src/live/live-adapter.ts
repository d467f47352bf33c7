import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Logger } from '@telltale/platform';
import type { MessageMappingProperties } from '@nestjs/websockets';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Observable } from 'rxjs';
import { isOwnHost, isTrustedOrigin } from '../accounts/origins';
import type { GatewayConfig } from '../config';
import { securityHeaders } from '../dashboard/security-headers';
import { GatewayWebSocketServer } from './web-socket-server';

/** Nest brings a Socket.IO of its own; these are the names of its types. */
type Server = ReturnType<IoAdapter['createIOServer']>;
type NestSocket = Parameters<IoAdapter['bindMessageHandlers']>[0];
type Options = NonNullable<Parameters<IoAdapter['createIOServer']>[1]>;

/** Keepalive of the earlier systems; a client gone without a word is noticed within 50 s. */
const pingMs = { interval: 30_000, timeout: 20_000 } as const;
/** For saying who it is: until then a client costs memory, and is nobody. */
const connectTimeoutMs = 10_000;

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
    const server: Server = super.createIOServer(port, this.options() as Options); // all of them are optional, whatever the type says
    // Its own answers never come by Express.
    server.engine.use(securityHeaders(this.config.publicUrl));
    return server;
  }

  /** Its own clients are gone with that; who else holds on to the HTTP server is let go by `GatewayServer`, which comes next. */
  override close(server: Server): Promise<void> {
    void super.close(server); // would wait for the last connection of any kind
    return Promise.resolve();
  }

  /**
   * As Nest's own does, but without a chain of observables for each event of each socket. What a handler returns goes
   * into the acknowledgement.
   */
  override bindMessageHandlers(
    socket: NestSocket,
    handlers: MessageMappingProperties[],
    transform: (answer: unknown) => Observable<unknown>,
  ): void {
    for (const { message, callback, isAckHandledManually } of handlers) {
      const event = String(message);
      socket.on(event, (...args: unknown[]) => {
        const { data, ack } = bodyAndAck(args);
        transform(callback(data, ack)).subscribe({
          next: (response) => {
            if (!isAckHandledManually && response != null) ack?.(response);
          },
          error: (error: unknown) => this.log.error('an event of a socket was not handled', { event, error }),
        });
      });
    }
  }

  private options(): Partial<Options> {
    return {
      serveClient: false,
      wsEngine: GatewayWebSocketServer,
      // Other WebSockets are answered, or refused, by who listens for them: compat/live-stats-sockets.ts.
      destroyUpgrade: false,
      // Deflate costs 230 KiB a connection and would squeeze each delta once a client.
      perMessageDeflate: false,
      httpCompression: false,
      maxHttpBufferSize: 64 * 1024,
      connectTimeout: connectTimeoutMs,
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

function bodyAndAck(args: readonly unknown[]): {
  data: unknown;
  ack: ((answer: unknown) => void) | undefined;
} {
  const last = args.at(-1);
  if (typeof last !== 'function') return { data: args[0], ack: undefined };
  return {
    data: args.length > 1 ? args[0] : undefined,
    ack: (answer) => void Reflect.apply(last, undefined, [answer]),
  };
}
