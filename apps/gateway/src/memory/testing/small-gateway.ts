import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { freePort } from '@telltale/platform';
import { eventually } from '@telltale/platform/testing';
import { buildPrograms } from '../../testing/programs';
import type { TestGateway } from '../../testing/test-gateway';

/** What Node takes for the heap's limit where it is told so much. */
export async function heapLimit(heapMiB: number): Promise<number> {
  const code = "process.stdout.write(String(require('node:v8').getHeapStatistics().heap_size_limit))";
  const { stdout } = await promisify(execFile)(process.execPath, [
    `--max-old-space-size=${heapMiB}`,
    '-e',
    code,
  ]);
  return Number(stdout);
}

/** One more gateway on the servers of the first, as a program of its own with a small heap. */
export interface SmallGateway {
  readonly url: string;
  /** How it ended; undefined while it runs. */
  ended(): string | undefined;
  /** The most memory that was its own at any time so far. Bytes. */
  mostResidentBytes(): number;
  /** Bytes that requests hold of a pool. */
  held(pool: 'answers' | 'large'): Promise<number>;
  stop(): Promise<void>;
}

export async function startSmallGateway(first: TestGateway, heapMiB: number): Promise<SmallGateway> {
  const { config } = first.connections;
  const { gateway: databaseUrl } = await first.postgres.rolesOf(config.databaseUrl);
  const programs = await buildPrograms({ main: 'apps/gateway/src/main.ts' });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [`--max-old-space-size=${heapMiB}`, programs.path('main')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      NATS_URL: first.nats.as('gateway'),
      DATABASE_URL: databaseUrl,
      TELLTALE_PORT: String(port),
      TELLTALE_HOST: '127.0.0.1',
      TELLTALE_LOG_LEVEL: 'error',
    },
  });
  await eventually(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), {
    timeoutMs: 60_000,
  });
  return {
    url,
    ended: () => endOf(child),
    mostResidentBytes: () => kilobytes(child.pid, 'VmHWM') * 1024,
    held: async (pool) => heldIn(pool, await (await fetch(`${url}/metrics`)).text()),
    stop: async () => {
      child.kill('SIGKILL');
      await programs.remove();
    },
  };
}

function endOf({ exitCode, signalCode }: ChildProcess): string | undefined {
  return exitCode === null && signalCode === null ? undefined : `${exitCode ?? signalCode}`;
}

function kilobytes(pid: number | undefined, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? NaN);
}

function heldIn(pool: string, metrics: string): number {
  const line = metrics
    .split('\n')
    .find((one) => one.startsWith('telltale_gateway_held_bytes{') && one.includes(`pool="${pool}"`));
  return line === undefined ? NaN : Number(line.slice(line.lastIndexOf(' ')));
}
