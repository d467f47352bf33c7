import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/**
 * Stands between a browser and the gateway, as a company's proxy does: passes all on, but no WebSocket while it is
 * closed. Closing it also cuts those that are open.
 */
export class WebSocketGate {
  private closed = false;
  private readonly upgraded = new Set<Socket>();
  private readonly server = createServer((socket) => this.accept(socket));

  private constructor(private readonly target: URL) {}

  static async before(target: string): Promise<WebSocketGate> {
    const gate = new WebSocketGate(new URL(target));
    await new Promise<void>((done) => gate.server.listen(0, '127.0.0.1', done));
    return gate;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.closed = true;
    for (const socket of this.upgraded) socket.destroy();
  }

  open(): void {
    this.closed = false;
  }

  /** Ends it for good. */
  stop(): void {
    this.server.close();
    for (const socket of this.upgraded) socket.destroy();
  }

  private accept(socket: Socket): void {
    const onward = connect(Number(this.target.port), this.target.hostname);
    const end = () => {
      socket.destroy();
      onward.destroy();
      this.upgraded.delete(socket);
    };
    for (const each of [socket, onward]) each.on('error', end).on('close', end);
    onward.pipe(socket);
    socket.on('data', (bytes: Buffer) => {
      if (/^upgrade: *websocket/im.test(bytes.toString('latin1'))) {
        if (this.closed) return socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
        this.upgraded.add(socket);
      }
      onward.write(bytes);
    });
  }
}
