import { connect, type Socket } from 'node:net';
import { eventually } from '@telltale/platform/testing';

/** A connection on which bytes are written as they are: clients of HTTP would tidy them up, or refuse to send them. */
export interface RawConnection {
  readonly socket: Socket;
  /** All that came back so far. */
  received(): string;
  /** Once the other end has ended the connection: all that came back. */
  ended(timeoutMs?: number): Promise<string>;
}

export function rawConnection(url: string): RawConnection {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  let isClosed = false;
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined); // a reset is an end, too
  socket.on('close', () => (isClosed = true));
  const received = () => Buffer.concat(chunks).toString('latin1');
  return {
    socket,
    received,
    ended: (timeoutMs = 20_000) =>
      eventually(
        () => {
          if (!isClosed) throw new Error(`the connection is still open; so far: ${received().slice(0, 300)}`);
          return received();
        },
        { timeoutMs },
      ),
  };
}

/** Sends these bytes; what came back when the other end was through. */
export function rawRequest(url: string, ...parts: readonly (string | Buffer)[]): Promise<string> {
  const connection = rawConnection(url);
  for (const part of parts) connection.socket.write(part);
  return connection.ended();
}

/** `HTTP/1.1 404 Not Found…` → 404 */
export function statusOf(text: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);
}
