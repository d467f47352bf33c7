import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { ServiceStatus } from '@telltale/contracts';
import {
  connectNats,
  createLogger,
  createMetrics,
  inboxPrefixes,
  startHealthServer,
  type HealthServer,
  type Readiness,
} from '@telltale/platform';
import type { WatcherConfig } from './config';

import { Privacy } from './privacy/privacy';
import { createExclusion } from './sources/exclusion';
import { Heartbeat } from './status/heartbeat';
import { Measures } from './status/measures';
import { version } from './version';
import { Watcher } from './watcher';

/** The token under which the configuration is injected. */
export const watcherConfigToken = Symbol('WatcherConfig');

/** The watcher as a part of the Nest application: connects, starts and ends it. */
@Injectable()
export class WatcherService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = createLogger('watcher');
  private readonly metrics = createMetrics('watcher');
  private readonly measures: Measures;
  private readonly startedAt = new Date().toISOString();
  private readonly ending = new AbortController();
  private connection: NatsConnection | undefined;
  private watcher: Watcher | undefined;
  private heartbeat: Heartbeat | undefined;
  private health: HealthServer | undefined;
  private starting: Promise<void> | undefined;

  constructor(@Inject(watcherConfigToken) private readonly config: WatcherConfig) {
    this.measures = new Measures(this.metrics, {
      files: () => this.watcher?.registry.files.size ?? 0,
      bytesBehind: () => this.watcher?.registry.bytesBehind() ?? 0,
    });
  }

  /** Does not wait for NATS: until it is there, `/readyz` says so. */
  async onApplicationBootstrap(): Promise<void> {
    const { healthHost: host, healthPort: port } = this.config;
    this.health = await startHealthServer({ host, port, ready: () => this.ready(), metrics: this.metrics });
    this.logger.info('health checks are served', { port: this.health.port });
    this.starting = this.start().catch((error: unknown) => {
      if (this.ending.signal.aborted) return;
      this.logger.error('the watcher cannot go on', { error });
      throw error; // ends the process: whoever started it starts it again
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.ending.abort();
    this.heartbeat?.stop();
    await this.watcher?.stop();
    await this.starting;
    // No drain, which would wait for a broker that is away: every ack was awaited, or given up, above.
    await this.connection?.close();
    await this.health?.close();
  }

  status(): ServiceStatus {
    return {
      name: 'watcher',
      instance: this.config.host,
      version,
      startedAt: this.startedAt,
      pid: process.pid,
      rssBytes: process.memoryUsage.rss(),
      rates: this.measures.rates(),
      latencyMs: this.measures.latencyMs(),
    };
  }

  private async start(): Promise<void> {
    const { natsUrl: url, host } = this.config;
    const { logger, measures } = this;
    const inboxPrefix = inboxPrefixes.watcher(host);
    const connection = await connectNats({
      url,
      name: `watcher ${host}`,
      inboxPrefix,
      signal: this.ending.signal,
      logger,
    });
    this.connection = connection;
    this.ending.signal.throwIfAborted(); // it was told to end while it connected
    const excluded = createExclusion(this.config.exclude);
    const privacy = new Privacy(this.config.privacy);
    privacy.redactions.register(this.metrics);
    this.watcher = new Watcher({
      connection,
      host,
      sources: this.config.sources,
      excluded,
      privacy,
      logger,
      measures,
    });
    this.heartbeat = new Heartbeat(connection, host, this.watcher, this.startedAt);
    this.heartbeat.start();
    await this.watcher.start();
  }

  private async ready(): Promise<Readiness> {
    if (!this.connection || !this.watcher?.isStarted())
      return { ok: false, detail: 'waiting for NATS and the log' };
    await this.connection.rtt();
    return { ok: true, detail: { files: this.watcher.registry.files.size } };
  }
}
