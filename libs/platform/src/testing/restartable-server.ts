import type { EmbeddedServer } from '../embedded/nats';
import { eventually } from './eventually';
import type { TemporaryFolder } from './temporary-folder';

export interface TestServer {
  /** Stays the same over restarts. */
  readonly url: string;
  readonly port: number;
  /** Of the process that runs now. */
  pid(): number;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
  /** kill -9; the data stays. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port, after `kill()` or, in order, while it runs. */
  restart(): Promise<void>;
}

/** @param start starts the server on the folder, on that port where one is given */
export async function restartable(
  folder: TemporaryFolder,
  start: (port: number | undefined) => Promise<EmbeddedServer>,
): Promise<TestServer> {
  let server = await start(undefined);
  let running = true;
  const { url, port } = server;
  const end = async (how: 'stop' | 'kill') => {
    if (running) await server[how]();
    running = false;
  };
  return {
    url,
    port,
    pid: () => server.pid,
    kill: () => end('kill'),
    restart: async () => {
      await end('stop');
      // Whoever looks for a free port has this one for a moment.
      server = await eventually(() => start(port));
      running = true;
    },
    stop: async () => {
      await end('stop');
      await folder.remove();
    },
  };
}
