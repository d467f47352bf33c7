import type { AnalyticsSummary, Pipeline } from '@telltale/contracts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peakMiB as peakMiBOf } from '../harness/memory';
import { TelltaleProcess } from '../harness/telltale-process';
import { writeCorpus } from './corpus';
import { parseEveryLine } from './parse-floor';

export interface BackfillResult {
  readonly megabytes: number;
  readonly lines: number;
  readonly floorSeconds: number;
  /** From the moment the page can be opened until all is counted. */
  readonly seconds: number;
  readonly ratio: number;
  /** Highest resident memory of each process, MiB. */
  readonly peakMiB: Record<string, number>;
}

/** Backfills a generated corpus through the whole product; its count is checked against what was generated. */
export async function measureBackfill(megabytes: number): Promise<BackfillResult> {
  const root = mkdtempSync(join(tmpdir(), 'telltale-corpus-'));
  const corpus = writeCorpus(root, megabytes * 1e6);
  parseEveryLine(root); // warms the page cache, for both
  const floorSeconds = parseEveryLine(root);
  const start = performance.now();
  const telltale = await TelltaleProcess.start({ claudeRoot: root });
  const peakMiB: Record<string, number> = {};
  try {
    for (;;) {
      notePeaks(telltale, peakMiB);
      const { total } = await telltale.get<AnalyticsSummary>('/api/analytics/summary?groupBy=source');
      if (total.tokens?.output === corpus.outputTokens && total.messages === corpus.messages) break;
      if (performance.now() - start > 600_000)
        throw new Error(`after 10 minutes ${total.messages} of ${corpus.messages} messages are counted`);
      await new Promise((done) => setTimeout(done, 100));
    }
    const seconds = (performance.now() - start) / 1000;
    const pipeline = await telltale.get<Pipeline>('/api/pipeline');
    if (pipeline.quarantined > 0)
      throw new Error(`${pipeline.quarantined} records of the corpus were quarantined`);
    return { megabytes, lines: corpus.lines, floorSeconds, seconds, ratio: seconds / floorSeconds, peakMiB };
  } finally {
    await telltale.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

const watched = {
  watcher: 'apps/watcher/main',
  ingest: 'apps/ingest/main',
  gateway: 'apps/gateway/main',
  nats: 'nats-server',
};

function notePeaks(telltale: TelltaleProcess, peakMiB: Record<string, number>): void {
  for (const [name, part] of Object.entries(watched)) {
    for (const pid of telltale.pids(part)) peakMiB[name] = Math.max(peakMiB[name] ?? 0, peakMiBOf(pid));
  }
}
