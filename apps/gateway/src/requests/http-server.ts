import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ExpressAdapter } from '@nestjs/platform-express';
import { answerBrokenRequest } from './broken-requests';
import type { HttpLimits } from './http-limits';
import { cutSlowReaders } from './slow-readers';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;
/** Answers, or has `otherwise` answer. */
type FirstListener = (request: IncomingMessage, response: ServerResponse, otherwise: () => void) => void;

/** Express on a server of ours, which waits for nobody for ever. */
export class GatewayServer extends ExpressAdapter {
  private readonly connections = new Set<Socket>();
  private first: FirstListener = (_request, _response, otherwise) => otherwise();

  constructor(private readonly limits: HttpLimits) {
    super();
  }

  /** Who is asked before Express is. */
  askFirst(listener: FirstListener): void {
    this.first = listener;
  }

  override initHttpServer(): void {
    const { limits } = this;
    const express = this.getInstance<Listener>();
    const server = createServer(
      {
        headersTimeout: limits.headersMs,
        requestTimeout: limits.requestMs,
        keepAliveTimeout: limits.keepAliveMs,
        connectionsCheckingInterval: limits.checkEveryMs,
        maxHeaderSize: limits.headerBytes,
        requireHostHeader: true,
        insecureHTTPParser: false,
      },
      (request, response) => this.first(request, response, () => express(request, response)),
    );
    server.timeout = limits.idleMs;
    server.maxHeadersCount = 0; // bounded by bytes; a number would drop the rest without a word
    server.on('clientError', answerBrokenRequest);
    // Who asks first is told to go on only where the body will be read.
    server.on('checkContinue', (request, response) => server.emit('request', request, response));
    server.on('connection', (socket: Socket) => {
      this.connections.add(socket);
      socket.once('close', () => this.connections.delete(socket));
    });
    cutSlowReaders(server, limits);
    this.httpServer = server;
  }

  /**
   * Takes nothing new, and gives what is under way a moment to get through. Then all that is left is cut, also what
   * was upgraded: nobody who hangs on holds up the end.
   */
  override async close(): Promise<void> {
    const server: Server = this.getHttpServer();
    server.keepAliveTimeout = 1; // who has its answer is through
    const closed = [...this.connections].map((socket) => new Promise((done) => socket.once('close', done)));
    void super.close(); // where Socket.IO was first it waits for nobody
    const cut = setTimeout(() => this.connections.forEach((socket) => socket.destroy()), this.limits.drainMs);
    await Promise.all(closed);
    clearTimeout(cut);
  }
}
