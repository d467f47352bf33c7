import type { NatsConnection } from '@nats-io/transport-node';
import {
  factHeaderPrefix,
  factsStreamName,
  partitionCount,
  partitionFilter,
  type Delta,
} from '@telltale/contracts';
import { jetstreamManager } from '@nats-io/jetstream';
import { connectNats, createPool, ensureFactsStream } from '@telltale/platform';
import { eventually, startTestNats, startTestPostgres } from '@telltale/platform/testing';
import type { Pool } from 'pg';
import { migrateReadModel } from '../database/migrate-read-model';
import { startIngest, type Ingest } from '../ingest';

interface ReadModel {
  /** As ingest, with no more rights than it needs. */
  readonly url: string;
  readonly pool: Pool;
}

/** Real NATS and PostgreSQL with as many ingest replicas on them as a test starts. */
export class IngestStack {
  private readonly ingests = new Map<string, Ingest>();

  private constructor(
    readonly natsServer: Awaited<ReturnType<typeof startTestNats>>,
    readonly postgresServer: Awaited<ReturnType<typeof startTestPostgres>>,
    readonly nats: NatsConnection,
    private readModel: ReadModel,
  ) {}

  static async start(): Promise<IngestStack> {
    const [natsServer, postgresServer] = await Promise.all([startTestNats(), startTestPostgres()]);
    const nats = await connectNats({ url: natsServer.url, name: 'test' });
    await ensureFactsStream(nats);
    return new IngestStack(natsServer, postgresServer, nats, await newReadModel(postgresServer));
  }

  get databaseUrl(): string {
    return this.readModel.url;
  }

  get pool(): Pool {
    return this.readModel.pool;
  }

  async startIngest(instance = 'one'): Promise<Ingest> {
    const ingest = await startIngest({
      natsUrl: this.natsServer.as('ingest'),
      databaseUrl: this.databaseUrl,
      healthPort: 0,
      instance,
    });
    this.ingests.set(instance, ingest);
    return ingest;
  }

  async stopIngest(instance = 'one'): Promise<void> {
    const ingest = this.ingests.get(instance);
    this.ingests.delete(instance);
    await ingest?.close();
  }

  async stopAllIngests(): Promise<void> {
    await Promise.all([...this.ingests.keys()].map((instance) => this.stopIngest(instance)));
  }

  /** The log is deleted and made anew: another incarnation, as after the loss of the broker's disk. */
  async wipeLog(): Promise<void> {
    const manager = await jetstreamManager(this.nats);
    await manager.streams.delete(factsStreamName);
    await ensureFactsStream(this.nats);
  }

  /** Everything from nothing, on the same servers: no ingest, an empty log, an empty read model. */
  async beginAnew(): Promise<void> {
    await this.stopAllIngests();
    await this.wipeLog();
    const { pool } = this.readModel;
    this.readModel = await newReadModel(this.postgresServer);
    await pool.end();
  }

  /** Resolves once every partition's checkpoint stands at its last fact. */
  async caughtUp(timeoutMs = 60_000): Promise<void> {
    const manager = await jetstreamManager(this.nats);
    await eventually(
      async () => {
        const { rows } = await this.pool.query<{ partition: number; fact_id: string | null }>(
          'select partition, fact_id from checkpoint',
        );
        for (let partition = 0; partition < partitionCount; partition++) {
          const last = await manager.direct.getMessage(factsStreamName, {
            last_by_subj: partitionFilter(partition),
          });
          const read = rows.find((row) => row.partition === partition)?.fact_id;
          if (last !== null && read !== last.header.get(`${factHeaderPrefix}id`))
            throw new Error(`partition ${partition} is not at ${last.seq} yet`);
        }
      },
      { timeoutMs },
    );
  }

  /** Every delta that is published from now on. */
  recordDeltas(): Delta[] {
    const deltas: Delta[] = [];
    this.nats.subscribe('telltale.live.>', {
      callback: (_, message) => void deltas.push(message.json()),
    });
    return deltas;
  }

  async stop(): Promise<void> {
    await this.stopAllIngests();
    await this.nats.close();
    await this.pool.end();
    await Promise.all([this.natsServer.stop(), this.postgresServer.stop()]);
  }
}

async function newReadModel(server: Awaited<ReturnType<typeof startTestPostgres>>): Promise<ReadModel> {
  const { ingest: url } = await server.rolesOf(await server.createDatabase());
  await migrateReadModel(url);
  return { url, pool: createPool({ url, searchPath: 'read_model', applicationName: 'test', max: 4 }) };
}
