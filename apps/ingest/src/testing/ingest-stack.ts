import type { NatsConnection } from '@nats-io/transport-node';
import { partitionCount, partitionFilter, factsStreamName } from '@telltale/contracts';
import { jetstreamManager } from '@nats-io/jetstream';
import { connectNats, createPool, ensureFactsStream } from '@telltale/platform';
import { eventually, startTestNats, startTestPostgres } from '@telltale/platform/testing';
import type { Pool } from 'pg';
import { migrateReadModel } from '../database/migrate-read-model';
import { startIngest, type Ingest } from '../ingest';

/** Real NATS and PostgreSQL with one ingest on them. */
export class IngestStack {
  private ingest: Ingest | undefined;

  private constructor(
    readonly natsServer: Awaited<ReturnType<typeof startTestNats>>,
    readonly postgresServer: Awaited<ReturnType<typeof startTestPostgres>>,
    readonly nats: NatsConnection,
    readonly databaseUrl: string,
    readonly pool: Pool,
  ) {}

  static async start(): Promise<IngestStack> {
    const [natsServer, postgresServer] = await Promise.all([startTestNats(), startTestPostgres()]);
    const databaseUrl = await postgresServer.createDatabase();
    await migrateReadModel(databaseUrl);
    const nats = await connectNats({ url: natsServer.url, name: 'test' });
    await ensureFactsStream(nats);
    const pool = createPool({ url: databaseUrl, searchPath: 'read_model', applicationName: 'test', max: 4 });
    return new IngestStack(natsServer, postgresServer, nats, databaseUrl, pool);
  }

  async startIngest(instance = 'one'): Promise<Ingest> {
    this.ingest = await startIngest({
      natsUrl: this.natsServer.url,
      databaseUrl: this.databaseUrl,
      healthPort: 0,
      instance,
    });
    return this.ingest;
  }

  async stopIngest(): Promise<void> {
    await this.ingest?.close();
    this.ingest = undefined;
  }

  /** Resolves once every partition's checkpoint stands at its last fact. */
  async caughtUp(timeoutMs = 60_000): Promise<void> {
    const manager = await jetstreamManager(this.nats);
    await eventually(
      async () => {
        const { rows } = await this.pool.query<{ partition: number; sequence: number }>(
          'select partition, sequence from checkpoint',
        );
        for (let partition = 0; partition < partitionCount; partition++) {
          const last = await manager.direct.getMessage(factsStreamName, {
            last_by_subj: partitionFilter(partition),
          });
          const sequence = rows.find((row) => row.partition === partition)?.sequence ?? 0;
          if (last !== null && sequence < last.seq)
            throw new Error(`partition ${partition} is at ${sequence} of ${last.seq}`);
        }
      },
      { timeoutMs },
    );
  }

  async stop(): Promise<void> {
    await this.ingest?.close();
    await this.nats.close();
    await this.pool.end();
    await Promise.all([this.natsServer.stop(), this.postgresServer.stop()]);
  }
}
