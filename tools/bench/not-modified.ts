import { cpuSeconds } from '../harness/process-figures';
import type { TelltaleProcess } from '../harness/telltale-process';
import { percentiles, type Percentiles } from './percentiles';

/** What one request costs. */
export interface Cost {
  /** Milliseconds of processor time, of the gateway, and of all of PostgreSQL's processes. */
  readonly gateway: number;
  readonly database: number;
  readonly time: Percentiles;
}

export interface NotModifiedResult {
  /** So many ask at once. */
  readonly clients: number;
  readonly whole: Cost;
  readonly notModified: Cost;
}

export type Ask = (path: string, headers?: Record<string, string>) => Promise<Response>;

const path = '/api/sessions?limit=50';
const warmUp = { whole: 200, notModified: 3_000 };
const measured = { whole: 600, notModified: 6_000 };

/** Polls that find nothing new, against the list itself, by so many clients at once. */
export async function measureNotModified(
  telltale: TelltaleProcess,
  ask: Ask,
  clients: number,
): Promise<NotModifiedResult> {
  const etag = (await ask(path)).headers.get('etag') ?? '';
  const polls = { headers: { 'if-none-match': etag }, status: 304 };
  const reads = { headers: {}, status: 200 };
  const run = (requests: number, what: typeof polls | typeof reads) =>
    many(ask, { requests, clients, ...what });
  await run(warmUp.notModified, polls);
  const notModified = await costOf(telltale, measured.notModified, () => run(measured.notModified, polls));
  await run(warmUp.whole, reads);
  const whole = await costOf(telltale, measured.whole, () => run(measured.whole, reads));
  return { clients, whole, notModified };
}

interface Requests {
  readonly requests: number;
  readonly clients: number;
  readonly headers: Record<string, string>;
  readonly status: number;
}

/** Milliseconds of each. */
async function many(ask: Ask, { requests, clients, headers, status }: Requests): Promise<number[]> {
  const times: number[] = [];
  let left = requests;
  const client = async () => {
    while (left-- > 0) {
      const start = performance.now();
      const response = await ask(path, headers);
      await response.arrayBuffer();
      if (response.status !== status) throw new Error(`expected ${status}, got ${response.status}`);
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return times;
}

async function costOf(
  telltale: TelltaleProcess,
  requests: number,
  run: () => Promise<number[]>,
): Promise<Cost> {
  const pids = { gateway: telltale.pids('apps/gateway/main'), database: telltale.pids('postgres:') };
  const before = new Map([...pids.gateway, ...pids.database].map((pid) => [pid, cpuOf(pid) ?? 0]));
  const time = percentiles(await run());
  const used = (pid: number) => Math.max(0, (cpuOf(pid) ?? 0) - (before.get(pid) ?? 0));
  const each = (which: readonly number[]) =>
    (which.reduce((sum, pid) => sum + used(pid), 0) * 1000) / requests;
  return { gateway: each(pids.gateway), database: each(pids.database), time };
}

/** Seconds; undefined of a connection's process that has ended. */
function cpuOf(pid: number): number | undefined {
  try {
    return cpuSeconds(pid);
  } catch {
    return undefined;
  }
}
