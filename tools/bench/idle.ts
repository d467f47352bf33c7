import type { Pipeline } from '@telltale/contracts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cpuSeconds, environmentOf, metricsOf, residentMiB } from '../harness/process-figures';
import { TelltaleProcess } from '../harness/telltale-process';
import { idleRoots, writeIdleFiles, type IdleFiles } from './idle-files';

export interface IdleResult {
  /** Watched: of members of a store each counts. */
  readonly files: number;
  /** Of one core. */
  readonly cpuPercent: number;
  /** Resident memory of the watcher, MiB: at the start, and at the end. */
  readonly startMiB: number;
  readonly endMiB: number;
  /** What it did to learn that nothing changed, by what, a second. */
  readonly perSecond: Readonly<Record<WorkKey, number>>;
}

const workMetrics = {
  stats: 'telltale_watcher_stats_total',
  listings: 'telltale_watcher_listings_total',
  opens: 'telltale_watcher_opens_total',
  bytes: 'telltale_watcher_read_bytes_total',
  rows: 'telltale_watcher_read_rows_total',
} as const;
type WorkKey = keyof typeof workMetrics;

/** What a watcher costs that has nothing to do: many files in many folders, none of which changes. */
export async function measureIdle(idle: IdleFiles, forSeconds: number): Promise<IdleResult> {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-idle-'));
  writeIdleFiles(folder, idle);
  const { CLAUDE_CONFIG_DIR: claudeRoot, ...env } = idleRoots(folder);
  const telltale = await TelltaleProcess.start({ claudeRoot, env });
  try {
    const files = await untilQuiet(telltale, idle.folders * idle.filesPerFolder);
    const pid = telltale.pids('apps/watcher/main')[0] ?? 0;
    const port = Number(environmentOf(pid)['TELLTALE_HEALTH_PORT']);
    const before = { work: await workOf(port), cpu: cpuSeconds(pid), mib: residentMiB(pid), at: clock() };
    await pause(forSeconds * 1000);
    const after = { cpu: cpuSeconds(pid), mib: residentMiB(pid), at: clock(), work: await workOf(port) };
    const seconds = after.at - before.at;
    const perSecond = (key: WorkKey) => (after.work[key] - before.work[key]) / seconds;
    return {
      files,
      cpuPercent: (100 * (after.cpu - before.cpu)) / seconds,
      startMiB: before.mib,
      endMiB: after.mib,
      perSecond: {
        stats: perSecond('stats'),
        listings: perSecond('listings'),
        opens: perSecond('opens'),
        bytes: perSecond('bytes'),
        rows: perSecond('rows'),
      },
    };
  } finally {
    await telltale.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Everything is in the log and projected; then a while more, for what runs out after it. How many files there are. */
async function untilQuiet(telltale: TelltaleProcess, atLeast: number): Promise<number> {
  const deadline = clock() + 300;
  for (;;) {
    const { watchers, caughtUp } = await telltale.get<Pipeline>('/api/pipeline');
    const { files = 0, backfill } = watchers[0] ?? {};
    if (caughtUp && files >= atLeast && backfill?.done) {
      await pause(10_000);
      return files;
    }
    if (clock() > deadline) throw new Error('not everything is read after 5 minutes');
    await pause(200);
  }
}

async function workOf(port: number): Promise<Record<WorkKey, number>> {
  const samples = await metricsOf(port);
  const of = (key: WorkKey) => samples.get(workMetrics[key]) ?? NaN;
  return {
    stats: of('stats'),
    listings: of('listings'),
    opens: of('opens'),
    bytes: of('bytes'),
    rows: of('rows'),
  };
}

function clock(): number {
  return performance.now() / 1000;
}
