import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpLimits } from './http-limits';

/** How far a connection was when it was looked at. Bytes since its beginning. */
interface Look {
  /** By the application, for the reader. */
  readonly written: number;
  /** By the system, from us: what the reader takes makes room for it. */
  readonly taken: number;
}

/**
 * Cuts answers whose reader takes them, but hardly: a file could else be held open for days, a byte now and then. Who
 * takes nothing at all is the server's own timeout's; sockets that were upgraded have bounds of their own.
 */
export function cutSlowReaders(server: Server, { readEveryMs, readBytes }: HttpLimits): void {
  const underWay = new Map<ServerResponse, Look | undefined>();
  server.on('request', (_request, response: ServerResponse) => {
    underWay.set(response, undefined);
    response.once('close', () => underWay.delete(response));
  });
  const timer = setInterval(() => {
    for (const [response, before] of underWay) {
      const now = response.socket ? look(response.socket) : undefined; // it waits for another one's end
      underWay.set(response, now);
      // Once all that waited then is through, what waits now is new.
      const waitsStill = before !== undefined && now !== undefined && now.taken < before.written;
      if (waitsStill && now.taken - before.taken < readBytes) response.destroy();
    }
  }, readEveryMs).unref();
  server.once('close', () => clearInterval(timer));
}

function look(socket: Socket): Look {
  const written = socket.bytesWritten;
  // Node tells only here how much of what it was given the system has taken; its own timeout asks there, too.
  const handle: unknown = Reflect.get(socket, '_handle');
  if (typeof handle !== 'object' || handle === null) return { written, taken: written };
  const given = Number(Reflect.get(handle, 'bytesWritten'));
  return { written, taken: given - Number(Reflect.get(handle, 'writeQueueSize')) };
}
