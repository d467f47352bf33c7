import type { Logger } from '@telltale/platform';
import type { Pool } from 'pg';
import { OvertakenError, type SearchIndexer } from './search-indexer';
import { waitingPartitions } from './search-rows';

/** A moment later is early enough: what comes meanwhile goes along, and costs less. */
const lookEveryMs = 300;
const retryMs = 2_000;
/** While facts wait, a turn now and then: under lasting load the search falls behind, but it does not stand. */
const turnWhileBusyMs = 2_000;
const lookAgainMs = 50;

export interface SearchingContext {
  readonly pool: Pool;
  readonly indexer: SearchIndexer;
  /** Partitions this replica projects: it searches the same. */
  readonly held: () => readonly number[];
  /** Whether facts wait that are not projected yet: they go first. */
  readonly isBusy: () => boolean;
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

  constructor(private readonly context: SearchingContext) {}

  start(): void {
    this.running = this.run();
  }

  /** Resolves after the portion under way. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      const read = await this.readAll().catch((error: unknown) => this.failed(error));
      if (read === 0) await this.sleep(lookEveryMs);
    }
  }

  /** A turn of every partition that has something to read; how much it was. */
  private async readAll(): Promise<number> {
    const { pool, indexer, held } = this.context;
    let read = 0;
    const failures: unknown[] = [];
    for (const partition of await waitingPartitions(pool, held())) {
      await this.turn();
      // Another replica may hold it by now.
      if (this.stopped.signal.aborted || !held().includes(partition)) continue;
      // One that cannot go on shall not keep the others waiting.
      const step = indexer.step(partition, () => this.turn());
      read += await step.catch((error: unknown) => (failures.push(error), 0));
    }
    if (failures.length > 0) throw failures[0];
    if (read > 0) this.isUntidy = true;
    else if (this.isUntidy) {
      await indexer.tidy();
      this.isUntidy = false;
    }
    return read;
  }

  /** Waits while facts wait, but not for ever. */
  private async turn(): Promise<void> {
    const deadline = performance.now() + turnWhileBusyMs;
    while (this.context.isBusy() && performance.now() < deadline && !this.stopped.signal.aborted)
      await this.sleep(lookAgainMs);
  }

  private async failed(error: unknown): Promise<number> {
    // The other one reads what we would have read; a server that is away comes back.
    if (!(error instanceof OvertakenError) && !this.stopped.signal.aborted)
      this.context.logger.warn('the search could not read on', {
        problem: error instanceof Error ? error.message : String(error),
      });
    await this.sleep(retryMs);
    return 0;
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
