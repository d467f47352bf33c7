import type { NestExpressApplication } from '@nestjs/platform-express';
import { createLogger } from '@telltale/platform';
import type { AddressInfo } from 'node:net';
import { createApplication } from '../application';
import { connect, type Clock } from '../connections';
import type { TestGateway } from './test-gateway';

const logger = createLogger('replica-test', {
  level: 'error',
  write: (line) => void process.stderr.write(line),
});

export interface ReplicaRequest {
  /** Its way to NATS, for example through a proxy; its user's rights are the gateway's. */
  readonly natsUrl?: string;
  readonly clock?: Clock;
}

/** One more gateway on the servers of the first. */
export class Replica {
  private app: NestExpressApplication | undefined;
  private port = 0;

  private constructor(
    private readonly first: TestGateway,
    private readonly natsUrl: string,
    private readonly databaseUrl: string,
    private readonly clock: Clock,
  ) {}

  static async start(
    first: TestGateway,
    { natsUrl = first.nats.as('gateway'), clock = Date.now }: ReplicaRequest = {},
  ): Promise<Replica> {
    const { config } = first.connections;
    const { gateway } = await first.postgres.rolesOf(config.databaseUrl);
    const replica = new Replica(first, natsUrl, gateway, clock);
    await replica.begin();
    return replica;
  }

  /** Stays the same over restarts. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get running(): NestExpressApplication {
    if (!this.app) throw new Error('this replica does not run');
    return this.app;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.begin();
  }

  async stop(): Promise<void> {
    const { app } = this;
    this.app = undefined;
    await app?.close();
  }

  private async begin(): Promise<void> {
    const { config } = this.first.connections;
    const { natsUrl, databaseUrl } = this;
    const connections = await connect({ ...config, natsUrl, databaseUrl });
    const app = await createApplication({ ...connections, logger, clock: this.clock });
    await app.listen(this.port, '127.0.0.1');
    this.port = (app.getHttpServer().address() as AddressInfo).port;
    this.app = app;
  }
}
