import {
  JetStreamError,
  jetstreamManager,
  type DirectStreamAPI,
  type JetStreamManager,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable } from '@nestjs/common';
import { factsStreamName, partitionFilter, type Pipeline } from '@telltale/contracts';
import type pg from 'pg';
import { NATS, READ_MODEL } from '../connections';

interface Checkpoint {
  readonly partition: number;
  readonly sequence: number;
  readonly owner: string | null;
}

/** How far each partition of the log is projected, and how much of it there is. */
@Injectable()
export class Partitions {
  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(READ_MODEL) private readonly readModel: pg.Pool,
  ) {}

  /** `lag` is the number of facts behind the checkpoint. */
  async list(): Promise<Pipeline['partitions']> {
    const { rows } = await this.readModel.query<Checkpoint>(
      `select partition, sequence, case when expires_at > now() then owner end as owner
       from checkpoint order by partition`,
    );
    const { direct } = await this.manager();
    return Promise.all(rows.map(async (row) => ({ ...row, lag: await lagOf(direct, row) })));
  }

  /** Bytes that the log takes on disk, as NATS tells it. */
  async logBytes(): Promise<number> {
    return (await (await this.manager()).streams.info(factsStreamName)).state.bytes;
  }

  private manager(): Promise<JetStreamManager> {
    return jetstreamManager(this.nats, { checkAPI: false });
  }
}

/** The next fact behind the checkpoint says how many come after it: no consumer is needed to count them. */
async function lagOf(direct: DirectStreamAPI, { partition, sequence }: Checkpoint): Promise<number> {
  const request = { seq: sequence + 1, next_by_subj: partitionFilter(partition), batch: 1 };
  let lag = 0;
  try {
    const answers = await direct.getBatch(factsStreamName, request);
    for await (const fact of answers) lag = 1 + fact.pending; // read to its end, so that its subscription is closed
  } catch (error) {
    if (!(error instanceof JetStreamError && 'code' in error && error.code === noSuchMessage)) throw error;
  }
  return lag;
}

const noSuchMessage = 404;
