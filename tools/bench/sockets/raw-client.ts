import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

export interface RawClientRequest {
  /** Of the server, with its port. */
  readonly url: string;
  /** Socket.IO namespace, `/` or `/live`. */
  readonly namespace: string;
  /** What goes with the connect packet. */
  readonly auth: object;
  /** The room to subscribe to; without it the server puts clients wherever it likes. */
  readonly room?: string;
  /** A text message of Socket.IO came, as bytes. */
  readonly onEvent: (payload: Buffer) => void;
}

/**
 * A Socket.IO client of the least weight: a TCP socket, and just enough of WebSocket and Engine.IO. Thousands fit into a
 * process, and they can stop reading.
 */
export class RawClient {
  private rest: Buffer = Buffer.alloc(0);
  private ready: (() => void) | undefined;
  private failed: ((error: Error) => void) | undefined;
  private upgraded = false;

  private constructor(
    private readonly socket: Socket,
    private readonly request: RawClientRequest,
  ) {
    socket.on('data', (bytes: Buffer) => this.read(bytes));
    socket.on('error', (error) => this.failed?.(error));
    socket.on('close', () => this.failed?.(new Error('the server closed the connection')));
  }

  /** Resolves when it is a member of the room. */
  static async open(request: RawClientRequest): Promise<RawClient> {
    const { hostname, port, host } = new URL(request.url);
    const socket = connect(Number(port), hostname);
    socket.setNoDelay(true);
    const client = new RawClient(socket, request);
    await new Promise<void>((done, fail) => {
      client.ready = done;
      client.failed = fail;
      const key = randomBytes(16).toString('base64');
      socket.write(
        `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\n` +
          `Connection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
      );
    });
    client.failed = undefined;
    return client;
  }

  /** Reads nothing more: what the server sends piles up. */
  stall(): void {
    this.socket.pause();
  }

  close(): void {
    this.socket.destroy();
  }

  private read(bytes: Buffer): void {
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    if (!this.upgraded) {
      const end = this.rest.indexOf('\r\n\r\n');
      if (end === -1) return;
      this.upgraded = true;
      this.rest = this.rest.subarray(end + 4);
    }
    for (let frame = frameOf(this.rest); frame; frame = frameOf(this.rest)) {
      this.rest = this.rest.subarray(frame.end);
      this.take(frame.payload);
    }
  }

  private take(payload: Buffer): void {
    const type = payload.toString('latin1', 0, 2);
    if (type === '42') this.request.onEvent(payload);
    else if (type === '2')
      this.send('3'); // heartbeat
    else if (this.ready) this.shakeHands(type, payload, this.ready);
  }

  private shakeHands(type: string, payload: Buffer, ready: () => void): void {
    const { namespace, room, auth } = this.request;
    const prefix = namespace === '/' ? '' : `${namespace},`;
    if (type === '44') this.failed?.(new Error(payload.toString()));
    else if (type.startsWith('0')) this.send(`40${prefix}${JSON.stringify(auth)}`);
    else if (type === '43' || room === undefined) ready();
    else if (type === '40') this.send(`42${prefix}0${JSON.stringify(['subscribe', { room }])}`);
  }

  private send(text: string): void {
    const payload = Buffer.from(text);
    const head = payload.length < 126 ? Buffer.alloc(6) : Buffer.alloc(8);
    head[0] = 0x81;
    if (payload.length < 126) head[1] = 0x80 | payload.length;
    else {
      head[1] = 0x80 | 126;
      head.writeUInt16BE(payload.length, 2);
    }
    this.socket.write(Buffer.concat([head, payload])); // a mask of zeros leaves the text as it is
  }
}

/** The first whole frame; servers do not mask. */
function frameOf(bytes: Buffer): { readonly payload: Buffer; readonly end: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = (bytes[1] ?? 0) & 0x7f;
  const head = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < head) return undefined;
  const length =
    short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  const end = head + length;
  return bytes.length < end ? undefined : { payload: bytes.subarray(head, end), end };
}
