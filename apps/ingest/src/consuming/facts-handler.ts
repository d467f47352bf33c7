import type { NatsConnection } from '@nats-io/transport-node';
import { factHeaderPrefix } from '@telltale/contracts';
import type { FactMessage, Logger } from '@telltale/platform';
import type { Pool } from 'pg';
import { deltasOf } from '../projecting/deltas';
import { FileStore } from '../projecting/file-store';
import { fold, type Folded, type FoldSources } from '../projecting/fold';
import type { LivePublisher } from '../projecting/live-publisher';
import { readParts } from '../projecting/long-lines';
import { commit } from '../projecting/projector';
import { withoutRecords } from './isolate';
import { leaseMs, type HeldPartition } from './leases';
import { historyOf, staleFiles, unread } from './refold';
import { Semaphore } from './semaphore';
import type { Statistics } from './statistics';

export interface HandlerConnections {
  readonly pool: Pool;
  readonly nats: NatsConnection;
  readonly live: LivePublisher;
  readonly statistics: Statistics;
  readonly logger: Logger;
}

/** Facts above this are a backlog: few of their batches run at once, so that live ones find room. */
const heavyBytes = 128 * 1024;
const heavyAtOnce = 2;

/** Takes consecutive facts of one partition to committed rows and emitted deltas. */
export class FactsHandler {
  private readonly files: FileStore;
  private readonly heavy = new Semaphore(heavyAtOnce);

  constructor(private readonly connections: HandlerConnections) {
    this.files = new FileStore(connections.pool);
  }

  /** @throws when the batch was not committed: the partition must be taken up again from its checkpoint */
  async handle(batch: readonly FactMessage[], held: HeldPartition): Promise<void> {
    const bytes = batch.reduce((sum, fact) => sum + fact.body.length, 0);
    if (bytes < heavyBytes) return this.project(batch, held);
    await this.heavy.run(() => this.project(batch, held));
  }

  forget(partition: number): void {
    this.files.forget(partition);
  }

  /**
   * Folds files again from the log whose decoder has changed since. What they said before is said again, which
   * changes nothing; only at the end does a file count as read by the new version, so that a stop in between
   * starts it over.
   */
  async refold(held: HeldPartition): Promise<void> {
    const { pool, nats, logger } = this.connections;
    for (const stale of await staleFiles(pool, held.partition)) {
      logger.info('folding a file again from the log', { file: stale.file });
      await pool.query('delete from quarantine where file = $1', [stale.file]);
      const known = (await this.files.read([stale.file])).get(stale.file);
      if (known === undefined) continue;
      let state = unread(known);
      for await (const chunk of historyOf(nats, stale)) {
        const sources = { ...this.sources(), fileStates: async () => new Map([[stale.file, state]]) };
        const folded = await fold(chunk, sources);
        state = folded.files.get(stale.file) ?? state;
        const last = state.lastSequence >= stale.lastSequence;
        const stored = last ? state : { ...state, decoderVersion: stale.decoderVersion };
        await this.commitAt(held, { ...folded, files: new Map([[stale.file, stored]]) }, chunk.length);
      }
      this.files.forget(held.partition);
    }
  }

  private async project(batch: readonly FactMessage[], held: HeldPartition): Promise<void> {
    try {
      await this.commit(batch, held, await fold(batch, this.sources()));
    } catch (error) {
      if (!isUnstorable(error)) throw error;
      this.connections.logger.warn('a batch could not be stored: looking for the record at fault', {
        partition: held.partition,
        problem: error.message,
      });
      await this.isolate(batch, held);
    }
  }

  /** One bad record must not hold up its neighbours: fact by fact, then without the lines at fault. */
  private async isolate(batch: readonly FactMessage[], held: HeldPartition): Promise<void> {
    for (const fact of batch) {
      try {
        await this.commit([fact], held, await fold([fact], this.sources()));
      } catch (error) {
        if (!isUnstorable(error)) throw error;
        await this.commit(
          [fact],
          held,
          await withoutRecords(fact, this.sources(), `could not be stored: ${error.message}`),
        );
      }
    }
  }

  private sources(): FoldSources {
    return {
      fileStates: (files) => this.files.read(files),
      parts: (line) => readParts(this.connections.nats, line),
    };
  }

  private async commit(batch: readonly FactMessage[], held: HeldPartition, folded: Folded): Promise<void> {
    const last = batch.at(-1);
    if (last === undefined) return;
    const to = { sequence: last.sequence, factId: last.header(`${factHeaderPrefix}id`) ?? '' };
    await this.commitAt(held, folded, batch.length, to);
    held.sequence = to.sequence;
    held.factId = to.factId;
    this.files.keep(folded.files);
  }

  /** Commits under the lease and emits; the checkpoint moves to `to`, or stays where it is. */
  private async commitAt(
    held: HeldPartition,
    folded: Folded,
    facts: number,
    to: { readonly sequence: number; readonly factId: string | null } = held,
  ): Promise<void> {
    const committed = await commit(this.connections.pool, folded, {
      partition: held.partition,
      epoch: held.epoch,
      fromSequence: held.sequence,
      toSequence: to.sequence,
      toFact: to.factId,
      leaseMs,
    });
    const emitted = performance.timeOrigin + performance.now();
    const deltas = deltasOf(committed, folded, emitted);
    this.connections.live.publish(deltas);
    const times = { committed: committed.committedAt, emitted, deltas: deltas.length };
    this.connections.statistics.batch(facts, folded, times);
  }
}

/** Data exceptions and violated constraints: the batch itself is at fault, trying again would not help. */
function isUnstorable(error: unknown): error is Error {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return typeof error.code === 'string' && /^(22|23|54)/.test(error.code);
}
