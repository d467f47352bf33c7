import type { NatsConnection } from '@nats-io/transport-node';
import {
  connectNats,
  createLogger,
  createMetrics,
  createPool,
  inboxPrefixes,
  type Logger,
} from '@telltale/platform';
import type pg from 'pg';
import type { Registry } from 'prom-client';
import type { GatewayConfig } from './config';

/** Injection tokens: for configuration, connections and the clock only; everything else is injected by class. */
export const CONFIG = Symbol('GatewayConfig');
export const READ_MODEL = Symbol('ReadModel');
export const NATS = Symbol('Nats');
export const LOGGER = Symbol('Logger');
export const METRICS = Symbol('Metrics');
export const CLOCK = Symbol('Clock');

/** Epoch milliseconds. */
export type Clock = () => number;

export interface Connections {
  readonly config: GatewayConfig;
  /** Reads the read model, found by search_path. */
  readonly readModel: pg.Pool;
  readonly nats: NatsConnection;
  readonly logger: Logger;
  readonly metrics: Registry;
  readonly clock: Clock;
}

/** Waits for NATS, however long it takes; Postgres is connected to on demand. */
export async function connect(config: GatewayConfig, signal?: AbortSignal): Promise<Connections> {
  const logger = createLogger('gateway');
  const nats = await connectNats({
    url: config.natsUrl,
    name: 'telltale-gateway',
    inboxPrefix: inboxPrefixes.gateway,
    logger,
    ...(signal ? { signal } : {}),
  });
  const readModel = createPool({
    url: config.databaseUrl,
    searchPath: 'read_model',
    applicationName: 'telltale-gateway',
    max: 10,
    statementTimeoutMs: 30_000,
    logger,
  });
  return { config, readModel, nats, logger, metrics: createMetrics('gateway'), clock: Date.now };
}

/** Lets what is under way finish first. */
export async function disconnect({ nats, readModel }: Connections): Promise<void> {
  // Away at this moment, NATS cannot be drained, and would be looked for as long as the process lives.
  await Promise.allSettled([readModel.end(), nats.drain().catch(() => nats.close())]);
}
