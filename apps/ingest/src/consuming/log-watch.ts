import type { NatsConnection } from '@nats-io/transport-node';
import { ensureFactsStream, type Logger } from '@telltale/platform';

const lookEveryMs = 2_000;

/**
 * Notices that the log under our consumers is not the one they were made on: the connection was lost and is back,
 * or the stream was deleted and made again. A consumer would go on from its old sequence and skip what lies before.
 */
export class LogWatch {
  private created: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly connection: NatsConnection,
    private readonly logger: Logger,
  ) {}

  start(onChange: () => Promise<void>): void {
    this.followConnection(onChange).catch((error: unknown) => {
      this.logger.warn('the connection is not followed any more', { problem: String(error) });
    });
    void this.look(onChange).finally(() => this.schedule(onChange));
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private schedule(onChange: () => Promise<void>): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      void this.look(onChange).finally(() => this.schedule(onChange));
    }, lookEveryMs);
  }

  private async look(onChange: () => Promise<void>): Promise<void> {
    try {
      const { created } = await ensureFactsStream(this.connection);
      const known = this.created;
      this.created = created;
      if (known === undefined || known === created || this.stopped) return;
      this.logger.warn('the log was made anew', { created });
      await onChange();
    } catch {
      // NATS is away: the connection says so itself.
    }
  }

  private async followConnection(onChange: () => Promise<void>): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (this.stopped) return;
      if (type === 'reconnect') await onChange();
    }
  }
}
