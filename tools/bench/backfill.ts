import { jetstreamManager } from '@nats-io/jetstream';
import { factsStreamName, type AnalyticsSummary, type Pipeline } from '@telltale/contracts';
import { connectNats } from '@telltale/platform';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peakMiB as peakMiBOf } from '../harness/memory';
import { runAddresses } from '../harness/run-addresses';
import { TelltaleProcess } from '../harness/telltale-process';
import { writeCorpus, type CorpusFacts } from './corpus';
import { parseEveryLine } from './parse-floor';
import { cpuSince, perPart, usedCpu } from './parts';

/** With more facts waiting than these the end is not near. */
const manyFacts = 100;

export interface BackfillResult {
  readonly megabytes: number;
  readonly lines: number;
  readonly floorSeconds: number;
  /** From the log's first fact until all is counted and can be asked for. */
  readonly seconds: number;
  readonly ratio: number;
  /** Highest resident memory of each process, MiB. */
  readonly peakMiB: Record<string, number>;
  /** Seconds of a core each part used. */
  readonly cpuSeconds: Record<string, number>;
}

/**
 * Backfills a generated corpus through the whole product; its count is checked against what was generated. The corpus
 * appears once the product is up: five programs that start on the same cores are another figure.
 */
export async function measureBackfill(megabytes: number): Promise<BackfillResult> {
  const written = mkdtempSync(join(tmpdir(), 'telltale-corpus-'));
  const root = mkdtempSync(join(tmpdir(), 'telltale-bench-'));
  const corpus = writeCorpus(written, megabytes * 1e6);
  parseEveryLine(written); // warms the page cache, for both
  const floorSeconds = parseEveryLine(written);
  const telltale = await TelltaleProcess.start({ claudeRoot: root });
  await telltale.accessToken();
  const before = usedCpu(telltale);
  const deadline = Date.now() + 600_000;
  try {
    renameSync(join(written, 'projects'), join(root, 'projects'));
    for (;;) {
      const waiting = await factsWaiting(telltale);
      if (waiting === 0 && (await isCounted(telltale, corpus))) break;
      if (Date.now() > deadline) throw new Error('not everything is counted after 10 minutes');
      // Asking costs the product a few milliseconds each time: often only once it may be the end.
      await new Promise((done) => setTimeout(done, waiting > manyFacts ? 400 : 50));
    }
    const seconds = (Date.now() - (await firstFactAt(telltale))) / 1000;
    const cpuSeconds = cpuSince(telltale, before);
    return {
      megabytes,
      lines: corpus.lines,
      floorSeconds,
      seconds,
      ratio: seconds / floorSeconds,
      peakMiB: perPart(telltale, (pids) => Math.max(0, ...pids.map(peakMiBOf))),
      cpuSeconds,
    };
  } finally {
    await telltale.stop();
    for (const folder of [root, written]) rmSync(folder, { recursive: true, force: true });
  }
}

/** Facts that ingest has not read yet, as the product itself says. */
async function factsWaiting(telltale: TelltaleProcess): Promise<number> {
  const { partitions, quarantined } = await telltale.get<Pipeline>('/api/pipeline');
  if (quarantined > 0) throw new Error(`${quarantined} records of the corpus were quarantined`);
  return partitions.reduce((sum, { lag }) => sum + lag, 0);
}

async function isCounted(telltale: TelltaleProcess, corpus: CorpusFacts): Promise<boolean> {
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
