import { createPool } from '@telltale/platform';
import type { Connections } from '../connections';
import type { Partitions } from '../consuming/partitions';
import { readModelSchema } from '../database/data-source';
import { FactLines } from './fact-lines';
import { SearchIndexer } from './search-indexer';
import { Searching } from './searching';

/** Facts that wait in the log, not yet projected: above this the search steps back. */
const busyBytes = 64 * 1024;

export interface RunningSearch {
  stop(): Promise<void>;
}

/** Searches what this replica projects, by a connection of its own. */
export function startSearching(
  { config, nats, logger }: Connections,
  partitions: Partitions,
  lagBytes: () => number,
): RunningSearch {
  const pool = createPool({
    url: config.databaseUrl,
    searchPath: readModelSchema,
    applicationName: 'telltale-ingest-search',
    max: 2,
    // It can be read again: no commit waits for the disk.
    settings: { synchronous_commit: 'off', enable_seqscan: 'off', jit: 'off' },
    logger,
  });
  const searching = new Searching({
    pool,
    indexer: new SearchIndexer(pool, new FactLines(nats), logger),
    held: () => partitions.heldPartitions,
    isBusy: () => lagBytes() > busyBytes,
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
