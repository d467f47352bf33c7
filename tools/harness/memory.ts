import { readFileSync } from 'node:fs';

/** The most resident memory a process ever had, MiB (Linux); 0 once it has ended. */
export function peakMiB(pid: number): number {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Math.round(Number(kilobytes ?? 0) / 1024);
  } catch {
    return 0; // it has ended
  }
}
