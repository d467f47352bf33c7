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

const ticksPerSecond = 100; // of Linux on every architecture Node runs on

/** Seconds of a core a process has used by now (Linux); 0 once it has ended. */
export function cpuSeconds(pid: number): number {
  try {
    // The command may hold blanks and brackets: the fields after its closing bracket are plain.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond;
  } catch {
    return 0; // it has ended
  }
}
