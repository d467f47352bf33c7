import type { Logger } from '@telltale/platform';
import type { Pool } from 'pg';
import { GivingWay, type LivePathLoad } from './giving-way';
import { OvertakenError, type SearchIndexer } from './search-indexer';
import { waitingPartitions } from './search-rows';
import type { Unread } from './unread';

/** A moment later is early enough: what comes meanwhile goes along, and costs less. */
const gatherMs = 300;
/** What nobody noted here: another replica queued it, or it came while partitions changed hands. */
const lookEveryMs = 10_000;
const retryMs = 2_000;
/** Nothing else came meanwhile. */
const tidyAfterMs = 1_000;

export interface SearchingContext extends LivePathLoad {
  readonly pool: Pool;
  readonly indexer: SearchIndexer;
  /** Partitions this replica projects: it searches the same. */
  readonly held: () => readonly number[];
  readonly unread: Unread;
  readonly logger: Logger;
}

/**
 * The search's own projection: reads what commits queued, partition by partition, behind the live path. It has a
 * connection and transactions of its own, and its own checkpoints.
 */
export class Searching {
  private readonly stopped = new AbortController();
  private running: Promise<void> | undefined;
  private isUntidy = false;
  private readonly giving: GivingWay;
  /** What was queued before then is read. */
  private readUpTo = performance.now();

  constructor(private readonly context: SearchingContext) {
    this.giving = new GivingWay(context, (ms) => this.sleep(ms));
  }

  start(): void {
    this.running = this.run();
  }

  /** Resolves after the portion under way. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { pool, unread, held } = this.context;
    const { signal } = this.stopped;
    let lookAt = 0;
    while (!signal.aborted) {
      try {
        if (performance.now() >= lookAt) {
          unread.note(...(await waitingPartitions(pool, held())));
          lookAt = performance.now() + lookEveryMs;
        }
        if (await this.readAll()) continue;
        await this.somethingToRead(lookAt);
        await this.sleep(gatherMs);
      } catch (error) {
        lookAt = 0;
        await this.failed(error);
      }
    }
  }

  private async somethingToRead(lookAt: number): Promise<void> {
    const { unread } = this.context;
    const isIdle = unread.isEmpty;
    const ms = this.isUntidy ? tidyAfterMs : lookAt - performance.now();
    await unread.some(ms, this.stopped.signal);
    if (!isIdle) return;
    this.readUpTo = performance.now();
    this.giving.wasIdle();
  }

  /** A turn of every partition that has something to read; whether there is more. */
  private async readAll(): Promise<boolean> {
    const { indexer, unread, held } = this.context;
    const begunAt = performance.now();
    const partitions = unread.take();
    let isMore = false;
    this.giving.begin();
    const failures: unknown[] = [];
    for (const partition of partitions) {
      await this.turn();
      // Another replica may hold it by now.
      if (this.stopped.signal.aborted || !held().includes(partition)) continue;
      try {
        if (!(await indexer.step(partition, () => this.turn()))) continue;
        unread.note(partition);
        isMore = true;
      } catch (error) {
        // One that cannot go on shall not keep the others waiting.
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    if (!isMore) this.readUpTo = begunAt;
    if (partitions.length > 0) this.isUntidy = true;
    else if (this.isUntidy) {
      this.isUntidy = false;
      await indexer.tidy();
    }
    return isMore;
  }

  /** Waits while facts go first, but not for ever. */
  private turn(): Promise<void> {
    return this.giving.turn(performance.now() - this.readUpTo, this.stopped.signal);
  }

  private async failed(error: unknown): Promise<void> {
    // The other one reads what we would have read; a server that is away comes back.
    if (!(error instanceof OvertakenError) && !this.stopped.signal.aborted)
      this.context.logger.warn('the search could not read on', {
        problem: error instanceof Error ? error.message : String(error),
      });
    await this.sleep(retryMs);
  }

  private sleep(ms: number): Promise<void> {
    const { signal } = this.stopped;
    if (signal.aborted) return Promise.resolve();
    return new Promise((done) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        done();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end);
    });
  }
}
