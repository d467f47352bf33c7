import type { Pipeline } from '@telltale/contracts';
import { backfillOf } from './pipeline-store';

type Watcher = Pipeline['watchers'][number];
const none = { p50: null, p99: null };

function pipelineOf(
  caughtUp: boolean,
  backfills: readonly Watcher['backfill'][],
  lags: readonly number[] = [],
): Pipeline {
  return {
    services: [],
    watchers: backfills.map((backfill, i) => ({
      host: `h${i}`,
      version: '1',
      roots: [],
      files: 100,
      bytesBehind: 0,
      backfill,
      lastSeenAt: '2026-03-01T00:00:00.000Z',
    })),
    partitions: lags.map((lag, partition) => ({ partition, owner: 'i1', sequence: 1000, lag })),
    rates: { factsPerS: 0, bytesPerS: 0, deltasPerS: 0 },
    latencyMs: { appendToFact: none, factToCommit: none, commitToEmit: none, appendToEmit: none },
    caughtUp,
    quarantined: 0,
    storage: { log: 0, objects: 0, database: 0 },
  };
}

describe('backfillOf', () => {
  const done = { totalBytes: 10, doneBytes: 10, done: true };
  const half = { totalBytes: 100, doneBytes: 50, done: false };

  it('is over when ingest has caught up and every watcher is done', () => {
    expect(backfillOf(pipelineOf(true, [done]))).toBeNull();
    expect(backfillOf(null)).toBeNull();
  });

  it('counts the files and the share of the watchers that still read', () => {
    expect(backfillOf(pipelineOf(false, [half, done]))).toEqual({ files: 100, share: 0.5 });
    expect(backfillOf(pipelineOf(true, [half, { ...half, doneBytes: 100 }]))).toEqual({
      files: 200,
      share: 0.75,
    });
  });

  it('is not what has been written just now', () => {
    expect(backfillOf(pipelineOf(false, [done], [0, 2, 1]))).toBeNull();
  });

  it('goes on while ingest lags behind watchers that are done', () => {
    expect(backfillOf(pipelineOf(false, [done]))).toEqual({ files: 100, share: 1 });
    expect(backfillOf(pipelineOf(false, [done], [0, 5000]))).toEqual({ files: 100, share: 1 });
    expect(backfillOf(pipelineOf(false, []))).toEqual({ files: 0, share: null });
  });
});
