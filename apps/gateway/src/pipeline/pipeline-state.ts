import { Inject, Injectable } from '@nestjs/common';
import type { Pipeline } from '@telltale/contracts';
import type pg from 'pg';
import { CLOCK, READ_MODEL, type Clock } from '../connections';
import { BehindTheLog } from './behind-the-log';
import { summedRates, worstLatencies } from './latencies';
import { Partitions } from './partitions';
import { Services } from './services';
import { Watchers } from './watchers';

/** However many look at it, it is put together at most this often. */
const freshMs = 500;

@Injectable()
export class PipelineState {
  private latest: { readonly state: Promise<Pipeline>; readonly at: number } | undefined;

  constructor(
    @Inject(READ_MODEL) private readonly readModel: pg.Pool,
    @Inject(CLOCK) private readonly now: Clock,
    private readonly watchers: Watchers,
    private readonly services: Services,
    private readonly partitions: Partitions,
    private readonly behind: BehindTheLog,
  ) {}

  state(): Promise<Pipeline> {
    const now = this.now();
    if (!this.latest || now - this.latest.at >= freshMs) {
      const state = this.read();
      this.latest = { state, at: now };
      state.catch(() => (this.latest = undefined)); // a failure is told to those who waited, and not kept
    }
    return this.latest.state;
  }

  private async read(): Promise<Pipeline> {
    // In this order: what the watchers say they published is in the log when its lag is counted.
    const published = this.watchers.allPublished();
    const [watchers, partitions, services, logBytes, database, behind] = await Promise.all([
      this.watchers.list(),
      this.partitions.list(),
      this.services.list(),
      this.partitions.logBytes(),
      this.database(),
      this.behind.state(),
    ]);
    return {
      services,
      watchers,
      partitions,
      rates: summedRates(services),
      latencyMs: worstLatencies(services),
      caughtUp: published && partitions.every((partition) => partition.lag === 0),
      quarantined: database.quarantined,
      ...behind,
      storage: { log: logBytes, objects: 0, database: database.bytes },
    };
  }

  private async database(): Promise<{ quarantined: number; bytes: number }> {
    const { rows } = await this.readModel.query<{ quarantined: number | bigint; bytes: number | bigint }>(
      'select (select count(*) from quarantine) as quarantined, pg_database_size(current_database()) as bytes',
    );
    return { quarantined: Number(rows[0]?.quarantined ?? 0), bytes: Number(rows[0]?.bytes ?? 0) };
  }
}
