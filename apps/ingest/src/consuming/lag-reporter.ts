import type { NatsConnection } from '@nats-io/transport-node';
import { ingestLagSubject, type IngestLag } from '@telltale/contracts';

const atMostEveryMs = 250;
const signOfLifeMs = 2000;

/** Tells watchers how far ingest lags, so that they hold the backlog back. Sent on change and as a sign of life. */
export class LagReporter {
  private timer: NodeJS.Timeout | undefined;
  private told = { lagBytes: -1, at: 0 };

  constructor(
    private readonly connection: NatsConnection,
    private readonly lagBytes: () => number,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.report(), atMostEveryMs);
    this.report();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private report(): void {
    const now = Date.now();
    const lagBytes = Math.round(this.lagBytes());
    if (lagBytes === this.told.lagBytes && now - this.told.at < signOfLifeMs) return;
    this.told = { lagBytes, at: now };
    const lag: IngestLag = { lagBytes, at: new Date(now).toISOString() };
    if (!this.connection.isClosed()) this.connection.publish(ingestLagSubject, JSON.stringify(lag));
  }
}
