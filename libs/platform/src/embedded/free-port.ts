import { createServer } from 'node:net';

/**
 * Below the ports that systems give to whoever asks for any one: nobody gets such a port by chance before its user
 * has it.
 */
const lowest = 10_240;
const count = 22_528;
/** Processes that look for ports at the same moment mostly look at different ones. */
const stride = 4;
let next = process.pid + stride * Math.floor(Math.random() * count);

/**
 * A TCP port that was free a moment ago, another one each time. Somebody else may take it before its user does: be
 * ready to try again.
 */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let tried = 0; tried < count / stride; tried++) {
    next += stride;
    const port = lowest + (next % count);
    if (await isPortFree(port, host)) return port;
  }
  throw new Error(`no port from ${lowest} to ${lowest + count - 1} is free on ${host}`);
}

/** Whether a server could listen there now. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, host, () => server.close(() => done(true)));
  });
}
