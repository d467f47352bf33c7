import { jetstreamManager } from '@nats-io/jetstream';
import { factsStreamName, type AnalyticsSummary, type Pipeline } from '@telltale/contracts';
import { connectNats } from '@telltale/platform';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuSeconds, peakMiB as peakMiBOf } from '../harness/memory';
import { runAddresses } from '../harness/run-addresses';
import { TelltaleProcess } from '../harness/telltale-process';
import { writeCorpus, type CorpusFacts } from './corpus';
import { parseEveryLine } from './parse-floor';

export interface BackfillResult {
  readonly megabytes: number;
  readonly lines: number;
  readonly floorSeconds: number;
  /** From the log's first fact until all is counted and can be asked for. */
  readonly seconds: number;
  readonly ratio: number;
  /** Highest resident memory of each process, MiB. */
  readonly peakMiB: Record<string, number>;
  /** Seconds of a core each part used, its start-up included. */
  readonly cpuSeconds: Record<string, number>;
}

/** Backfills a generated corpus through the whole product; its count is checked against what was generated. */
export async function measureBackfill(megabytes: number): Promise<BackfillResult> {
  const root = mkdtempSync(join(tmpdir(), 'telltale-corpus-'));
  const corpus = writeCorpus(root, megabytes * 1e6);
  parseEveryLine(root); // warms the page cache, for both
  const floorSeconds = parseEveryLine(root);
  const telltale = await TelltaleProcess.start({ claudeRoot: root });
  const peakMiB: Record<string, number> = {};
  const deadline = Date.now() + 600_000;
  try {
    while (!(await isCounted(telltale, corpus))) {
      notePeaks(telltale, peakMiB);
      if (Date.now() > deadline) throw new Error('not everything is counted after 10 minutes');
      await new Promise((done) => setTimeout(done, 100));
    }
    const seconds = (Date.now() - (await firstFactAt(telltale))) / 1000;
    const ratio = seconds / floorSeconds;
    const used = usedCpu(telltale);
    return { megabytes, lines: corpus.lines, floorSeconds, seconds, ratio, peakMiB, cpuSeconds: used };
  } finally {
    await telltale.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

/** The cheap question first: the exact one only once all partitions are at their ends. */
async function isCounted(telltale: TelltaleProcess, corpus: CorpusFacts): Promise<boolean> {
  const { partitions, quarantined } = await telltale.get<Pipeline>('/api/pipeline');
  if (quarantined > 0) throw new Error(`${quarantined} records of the corpus were quarantined`);
  if (partitions.some(({ lag }) => lag > 0)) return false;
  const { total } = await telltale.get<AnalyticsSummary>('/api/analytics/summary?groupBy=source');
  return total.tokens?.output === corpus.outputTokens && total.messages === corpus.messages;
}

/** The broker's time of the log's first fact, epoch ms. */
async function firstFactAt(telltale: TelltaleProcess): Promise<number> {
  const connection = await connectNats({ url: runAddresses(telltale.home).natsUrl, name: 'bench' });
  const { state } = await (await jetstreamManager(connection)).streams.info(factsStreamName);
  await connection.close();
  return Date.parse(state.first_ts);
}

const watched = {
  watcher: 'apps/watcher/main',
  ingest: 'apps/ingest/main',
  gateway: 'apps/gateway/main',
  nats: 'nats-server',
};

function usedCpu(telltale: TelltaleProcess): Record<string, number> {
  const parts = Object.entries({ ...watched, postgres: 'postgres' });
  return Object.fromEntries(
    parts.map(([name, part]) => [name, telltale.pids(part).reduce((sum, pid) => sum + cpuSeconds(pid), 0)]),
  );
}

function notePeaks(telltale: TelltaleProcess, peakMiB: Record<string, number>): void {
  for (const [name, part] of Object.entries(watched)) {
    for (const pid of telltale.pids(part)) peakMiB[name] = Math.max(peakMiB[name] ?? 0, peakMiBOf(pid));
  }
}
