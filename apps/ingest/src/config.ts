import { databaseUrl, instanceName, natsUrl, port, readEnvironment } from '@telltale/platform';
import { hostname } from 'node:os';
import { z } from 'zod';

const schema = z.object({
  NATS_URL: natsUrl,
  DATABASE_URL: databaseUrl,
  TELLTALE_HEALTH_PORT: port.default(0),
  /** Names this replica; a restarted one of the same name takes its partitions back at once. */
  TELLTALE_INSTANCE: instanceName.default(() => `${hostname()}-${process.pid}`),
});

export interface IngestConfig {
  readonly natsUrl: string;
  readonly databaseUrl: string;
  readonly healthPort: number;
  readonly instance: string;
}

/** @throws ConfigurationError naming the variable at fault */
export function readConfig(): IngestConfig {
  const env = readEnvironment(schema);
  return {
    natsUrl: env.NATS_URL,
    databaseUrl: env.DATABASE_URL,
    healthPort: env.TELLTALE_HEALTH_PORT,
    instance: env.TELLTALE_INSTANCE,
  };
}
