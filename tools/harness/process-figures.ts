import { readFileSync } from 'node:fs';

/** Linux counts processor time in ticks of this length, whatever its own clock does. */
const ticksPerSecond = 100;

/** Processor seconds that a process has used since its start, in user mode and in the kernel for it (Linux). */
export function cpuSeconds(pid: number): number {
  // The command may hold blanks and brackets: the fields after its closing bracket are plain.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Resident memory now, MiB (Linux). */
export function residentMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** What a process was started with (Linux). */
export function environmentOf(pid: number): Record<string, string> {
  const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  return Object.fromEntries(
    entries.filter((entry) => entry.includes('=')).map((entry) => splitAt(entry, entry.indexOf('='))),
  );
}

/** Samples of `/metrics` on loopback, by name; labels are left out, and what is there more than once is summed. */
export async function metricsOf(port: number): Promise<Map<string, number>> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const samples = new Map<string, number>();
  for (const [, name, value] of text.matchAll(/^(\w+)(?:\{[^}]*\})? (\S+)$/gm))
    if (name !== undefined) samples.set(name, (samples.get(name) ?? 0) + Number(value));
  return samples;
}

function splitAt(text: string, at: number): [string, string] {
  return [text.slice(0, at), text.slice(at + 1)];
}
