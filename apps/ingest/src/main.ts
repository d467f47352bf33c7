import 'reflect-metadata';
import { ConfigurationError, createLogger, exitWithParent } from '@telltale/platform';
import { readConfig } from './config';
import { startIngest } from './ingest';

const logger = createLogger('ingest');
exitWithParent();
try {
  const ingest = await startIngest(readConfig());
  logger.info('ready', { healthPort: ingest.healthPort });
  const end = () => {
    // A server that hangs must not keep us: everything committed is safe, the rest is read again.
    setTimeout(() => process.exit(1), 10_000).unref();
    ingest.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error('could not end cleanly', {
          problem: error instanceof Error ? error.message : String(error),
        });
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
} catch (error) {
  logger.error(error instanceof Error ? error.message : String(error));
  process.exit(error instanceof ConfigurationError ? 2 : 1);
}
