import type { NatsConnection } from '@nats-io/transport-node';
import { heartbeatIntervalMs, watcherHeartbeatSubject, type WatcherHeartbeat } from '@telltale/contracts';
import { version } from '../version';
import type { Watcher } from '../watcher';

/** Says every two seconds, at most once and never as a fact, that the watcher lives and how far it is. */
export class Heartbeat {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly connection: NatsConnection,
    private readonly host: string,
    private readonly watcher: Watcher,
    private readonly startedAt: string,
  ) {}

  start(intervalMs = heartbeatIntervalMs): void {
    this.beat();
    this.timer = setInterval(() => this.beat(), intervalMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private beat(): void {
    const state: WatcherHeartbeat = {
      host: this.host,
      version,
      pid: process.pid,
      startedAt: this.startedAt,
      roots: this.watcher.roots(),
      files: this.watcher.registry.files.size,
      bytesBehind: this.watcher.registry.bytesBehind(),
      backfill: this.watcher.backfill(),
      ...this.watcher.privacy(),
      at: new Date().toISOString(),
    };
    if (!this.connection.isClosed())
      this.connection.publish(watcherHeartbeatSubject(this.host), JSON.stringify(state));
  }
}
