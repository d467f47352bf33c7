import { ConfigurationError, createLogger, exitWithParent } from '@telltale/platform';
import { fileURLToPath } from 'node:url';
import 'reflect-metadata';
import { createApplication } from './application';
import { publicBase, readConfig } from './config';
import { connect, disconnect } from './connections';

exitWithParent();
const logger = createLogger('gateway');
const builtDashboard = fileURLToPath(new URL('../dashboard/browser', import.meta.url));
try {
  const read = readConfig();
  const config = { ...read, dashboardDir: read.dashboardDir ?? builtDashboard };
  const stopped = new AbortController();
  const stop = () => stopped.abort(new Error('stopped before NATS answered'));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  const connections = await connect(config, stopped.signal);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.off(signal, stop); // Nest's hooks take over
  const app = await createApplication(connections);
  app.getHttpServer().once('close', () => void disconnect(connections));
  await app.listen(config.port, config.host);
  logger.info('listening', { url: publicBase(config) });
} catch (error) {
  if (error instanceof ConfigurationError) logger.error(error.message);
  else logger.error('the gateway cannot start', { error });
  process.exitCode = 1;
  process.kill(process.pid, 'SIGTERM');
}
