import { contentModeSchema } from '@telltale/contracts';
import { commaList, hostName, natsUrl, port, readEnvironment } from '@telltale/platform';
import { z } from 'zod';
import type { PrivacySettings } from './privacy/privacy';
import type { Environment, WatchedSource } from './sources/source';
import { createSources } from './sources/sources';

export interface WatcherConfig {
  readonly natsUrl: string;
  /** This host's name in facts. */
  readonly host: string;
  /** Port of `/healthz`, `/readyz` and `/metrics` on loopback; 0: a free one. */
  readonly healthPort: number;
  readonly healthHost: string;
  /** Project or path patterns that are never read. */
  readonly exclude: readonly string[];
  readonly privacy: PrivacySettings;
  readonly sources: readonly WatchedSource[];
}

const environment = z.object({
  NATS_URL: natsUrl,
  TELLTALE_HOST_NAME: hostName,
  TELLTALE_HEALTH_PORT: port.default(0),
  TELLTALE_HEALTH_HOST: z.string().default('127.0.0.1').describe('the address that health checks use'),
  TELLTALE_EXCLUDE: commaList,
  TELLTALE_CONTENT: contentModeSchema.default('full').describe('full, preview or none'),
  TELLTALE_REDACT: z
    .enum(['on', 'off', 'true', 'false', '1', '0'])
    .default('on')
    .transform((value) => ['on', 'true', '1'].includes(value))
    .describe('on or off'),
});

/** @throws ConfigurationError naming the variable at fault */
export function readWatcherConfig(env: Environment = process.env): WatcherConfig {
  const values = readEnvironment(environment, env);
  return {
    natsUrl: values.NATS_URL,
    host: values.TELLTALE_HOST_NAME,
    healthPort: values.TELLTALE_HEALTH_PORT,
    healthHost: values.TELLTALE_HEALTH_HOST,
    exclude: values.TELLTALE_EXCLUDE,
    privacy: { content: values.TELLTALE_CONTENT, redact: values.TELLTALE_REDACT },
    sources: createSources(env),
  };
}
