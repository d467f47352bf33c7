import { cpuSeconds } from '../harness/memory';
import type { TelltaleProcess } from '../harness/telltale-process';

const parts = {
  watcher: 'apps/watcher/main',
  ingest: 'apps/ingest/main',
  gateway: 'apps/gateway/main',
  nats: 'nats-server',
  postgres: 'postgres',
};

/** Seconds of a core each part of the product has used by now. */
export function usedCpu(telltale: TelltaleProcess): Record<string, number> {
  return perPart(telltale, (pids) => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0));
}

/** Seconds of a core each part has used since `before`. */
export function cpuSince(telltale: TelltaleProcess, before: Record<string, number>): Record<string, number> {
  const since = Object.entries(usedCpu(telltale)).map(
    ([name, sum]) => [name, sum - (before[name] ?? 0)] as const,
  );
  return Object.fromEntries(since);
}

/** A figure of each part's processes. */
export function perPart(
  telltale: TelltaleProcess,
  figure: (pids: readonly number[]) => number,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(parts).map(([name, command]) => [name, figure(telltale.pids(command))]),
  );
}

/** Such figures in a line. */
export function secondsOf(cpu: Record<string, number>): string {
  return Object.entries(cpu)
    .map(([name, seconds]) => `${name} ${seconds.toFixed(1)} s`)
    .join(', ');
}
