import type { NatsConnection } from '@nats-io/transport-node';
import { ingestLagSubject, type IngestLag } from '@telltale/contracts';

const atMostEveryMs = 250;
const signOfLifeMs = 2000;

/**
 * Tells watchers how far ingest lags, so that they hold the backlog back: while facts are read, also where the figure
 * is the same again (watchers add to it what they published since), and every two seconds as a sign of life.
 */
export class LagReporter {
  private timer: NodeJS.Timeout | undefined;
  private toldAt = -Infinity;
  private isDue = false;
  private running = false;

  constructor(
    private readonly connection: NatsConnection,
    private readonly lagBytes: () => number,
  ) {}

  start(): void {
    this.running = true;
    this.report();
  }

  stop(): void {
    this.running = false;
    clearTimeout(this.timer);
  }

  /** The lag may have changed. May be called for every fact. */
  changed(): void {
    if (this.isDue || !this.running) return;
    this.isDue = true;
    this.schedule(Math.max(0, this.toldAt + atMostEveryMs - performance.now()));
  }

  private schedule(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.report(), ms);
  }

  private report(): void {
    this.toldAt = performance.now();
    this.isDue = false;
    const lag: IngestLag = { lagBytes: Math.round(this.lagBytes()), at: new Date().toISOString() };
    if (!this.connection.isClosed()) this.connection.publish(ingestLagSubject, JSON.stringify(lag));
    this.schedule(signOfLifeMs);
  }
}
