import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Logger } from '@telltale/platform';
import type { RawData, WebSocket } from 'ws';
import { LOGGER } from '../connections';
import type { Credential } from '../live/credential';
import { OpenCredentials } from '../live/open-credentials';
import { GatewayWebSocketServer } from '../live/web-socket-server';
import { notFound } from '../problems/problem';
import { StatCards } from './stat-cards';
import { StatViewer, type ViewerKind } from './stat-viewer';
import { UpgradeAccess } from './streams/upgrades';

/** Clients send nothing but pings. */
const maxPayload = 1024;
const closeCodes = {
  goingAway: 1001,
  unsupported: 1003,
  invalid: 1007,
  tokenEnded: 1008,
  failed: 1011,
} as const;

/** [L] The WebSockets of the live stat cards, on the gateway's own port beside Socket.IO. */
@Injectable()
export class LiveStatsSockets implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly server = new GatewayWebSocketServer({
    noServer: true,
    maxPayload,
    perMessageDeflate: false,
    clientTracking: true,
  });

  constructor(
    private readonly http: HttpAdapterHost,
    private readonly upgrades: UpgradeAccess,
    private readonly credentials: OpenCredentials,
    private readonly cards: StatCards,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const server = this.http.httpAdapter.getHttpServer() as Server;
    server.on('upgrade', (request, socket, head) => {
      if (isSocketIo(request)) return; // it listens itself
      socket.on('error', () => socket.destroy());
      this.upgrade(request, socket, head).catch((error: unknown) => this.upgrades.refuse(error, socket));
    });
  }

  beforeApplicationShutdown(): void {
    for (const socket of this.server.clients) socket.close(closeCodes.goingAway);
  }

  private async upgrade(request: IncomingMessage, transport: Duplex, head: Buffer): Promise<void> {
    const credential = await this.upgrades.admit(request);
    const target = targetOf(request);
    if (!target) throw notFound('There is no WebSocket here.');
    if (transport.destroyed) return;
    this.server.handleUpgrade(request, transport, head, (socket) => {
      const viewer = new StatViewer(target.kind, socket, transport);
      this.begin(socket, viewer, credential);
      void this.show(target.id, socket, viewer);
    });
  }

  private begin(socket: WebSocket, viewer: StatViewer, credential: Credential): void {
    viewer.send(JSON.stringify({ type: 'connection', status: 'connected' }));
    socket.on('message', (data, isBinary) => answer(socket, viewer, { data, isBinary }));
    const held = { disconnect: () => socket.close(closeCodes.tokenEnded) };
    socket.once('close', () => this.credentials.remove(credential, held));
    this.credentials.add(credential, held);
  }

  private async show(id: string, socket: WebSocket, viewer: StatViewer): Promise<void> {
    try {
      await this.cards.join(id, viewer);
    } catch (error) {
      this.logger.error('stat cards failed', { error });
      socket.close(closeCodes.failed);
    }
  }
}

function answer(
  socket: WebSocket,
  viewer: StatViewer,
  { data, isBinary }: { data: RawData; isBinary: boolean },
): void {
  if (isBinary) return socket.close(closeCodes.unsupported);
  const message = parsed(Buffer.isBuffer(data) ? data.toString() : '');
  if (message === undefined) return socket.close(closeCodes.invalid);
  const asks =
    typeof message === 'object' && message !== null && 'type' in message && message.type === 'ping';
  if (asks && viewer.isFree) viewer.send('{"type":"pong"}');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no JSON text is undefined
  }
}

/** Exactly what Socket.IO takes for its own: anything else it would leave open, without a word. */
function isSocketIo({ url = '' }: IncomingMessage): boolean {
  return url.startsWith('/socket.io/');
}

/** `/ws/session/:id`, `/ws/stats/:id` */
function targetOf({ url = '' }: IncomingMessage): { kind: ViewerKind; id: string } | undefined {
  const [, kind, id] = /^\/ws\/(session|stats)\/([^/?#]{1,1200})(?:\?.*)?$/s.exec(url) ?? [];
  if (id === undefined || (kind !== 'session' && kind !== 'stats')) return undefined;
  try {
    const name = decodeURIComponent(id);
    return name.includes('\0') ? undefined : { kind, id: name }; // the database can hold none such, nor look for it
  } catch {
    return undefined; // a broken escape names no session
  }
}
