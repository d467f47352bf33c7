import { freePort, isPortFree } from '@telltale/platform';
import { StartFailure } from './failure';
import { portOwner } from './port-owner';
import type { Settings } from './settings';

/**
 * The gateway's port, when it is free.
 *
 * @param waitMs the services of an earlier, killed run end within seconds and free it
 * @throws StartFailure that says who has it and what to do; the signal's reason when all is to end
 */
export async function gatewayPort(
  { host, port }: Settings,
  waitMs: number,
  signal: AbortSignal,
): Promise<number> {
  if (port === 0) return freePort(host);
  const deadline = Date.now() + waitMs;
  while (!(await isPortFree(port, host))) {
    signal.throwIfAborted();
    if (Date.now() >= deadline) throw taken(host, port);
    await new Promise((done) => setTimeout(done, 100));
  }
  return port;
}

function taken(host: string, port: number): StartFailure {
  const owner = portOwner(port);
  return new StartFailure(
    `Port ${port} on ${host} cannot be had${owner ? `: ${owner} listens there` : ': something else listens there, or the address is not this machine’s'}.\n` +
      `  Start Telltale on another one, for example: TELLTALE_PORT=${port + 1} npm start`,
  );
}
