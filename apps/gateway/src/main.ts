import { ConfigurationError, createLogger, exitWithParent } from '@telltale/platform';
import { fileURLToPath } from 'node:url';
import 'reflect-metadata';
import { createApplication } from './application';
import { publicBase, readConfig, type GatewayConfig } from './config';
import { connect } from './connections';

exitWithParent();
const logger = createLogger('gateway');
const builtDashboard = fileURLToPath(new URL('../dashboard/browser', import.meta.url));
const signals = ['SIGTERM', 'SIGINT'] as const;
try {
  const read = readConfig();
  const config = { ...read, dashboardDir: read.dashboardDir ?? builtDashboard };
  const stopped = new AbortController();
  const stop = () => stopped.abort(new Error('told to stop before NATS answered'));
  for (const signal of signals) process.once(signal, stop);
  const connections = await connect(config, stopped.signal);
  for (const signal of signals) process.off(signal, stop); // from here on Nest listens for them
  const app = await createApplication(connections);
  await app.listen(config.port, config.host).catch((error: unknown) => {
    throw cannotListen(error, config);
  });
  logger.info('listening', { url: publicBase(config) });
} catch (error) {
  if (error instanceof ConfigurationError) logger.error(error.message);
  else logger.error('the gateway cannot start', { error });
  process.exit(1); // whatever is connected already would keep the process alive
}

/** What a person can do about it, where they can. */
function cannotListen(error: unknown, { host, port }: GatewayConfig): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return new ConfigurationError(`TELLTALE_PORT: ${port} is in use already. Set it to another port.`);
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new ConfigurationError(`TELLTALE_HOST: this machine has no address ${host}.`);
  }
  return error;
}
