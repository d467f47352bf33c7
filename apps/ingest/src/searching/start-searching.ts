import { createPool } from '@telltale/platform';
import type { Connections } from '../connections';
import type { FactsHandler } from '../consuming/facts-handler';
import type { Partitions } from '../consuming/partitions';
import { readModelSchema } from '../database/data-source';
import { FactLines } from './fact-lines';
import { SearchIndexer } from './search-indexer';
import { Searching } from './searching';
import type { Unread } from './unread';

/** Facts that wait in the log, not yet projected: above this the search steps back. */
const busyBytes = 64 * 1024;

export interface RunningSearch {
  stop(): Promise<void>;
}

export interface LivePath {
  readonly partitions: Pick<Partitions, 'heldPartitions'>;
  readonly handler: Pick<FactsHandler, 'isBusy'>;
  readonly unread: Unread;
  readonly lagBytes: () => number;
}

/** Searches what this replica projects, by a connection of its own, behind the live path. */
export function startSearching(
  { config, nats, logger }: Connections,
  { partitions, handler, unread, lagBytes }: LivePath,
): RunningSearch {
  const pool = createPool({
    url: config.databaseUrl,
    searchPath: readModelSchema,
    applicationName: 'telltale-ingest-search',
    max: 2,
    // It can be read again: no commit waits for the disk.
    settings: {
      synchronous_commit: 'off',
      enable_seqscan: 'off',
      jit: 'off',
      plan_cache_mode: 'force_generic_plan',
    },
    pipeline: true,
    logger,
  });
  const isBehind = () => lagBytes() > busyBytes;
  const searching = new Searching({
    pool,
    indexer: new SearchIndexer(pool, new FactLines(nats), logger),
    held: () => partitions.heldPartitions,
    unread,
    isBusy: () => handler.isBusy || isBehind(),
    isBehind,
    logger,
  });
  searching.start();
  return {
    stop: async () => {
      await searching.stop();
      await pool.end();
    },
  };
}
