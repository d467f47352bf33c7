import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { endProcess, type ServerExit } from '@telltale/platform';
import type { Running } from './supervised';

export type Stream = 'stdout' | 'stderr';

export interface NodeProgram {
  /** Folder of the built programs. */
  readonly dist: string;
  /** Path below `dist`. */
  readonly script: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onLine: (line: string, from: Stream) => void;
}

/** A service gets this long to finish what it has begun. */
const stopSteps = [
  { signal: 'SIGTERM', waitMs: 10_000 },
  { signal: 'SIGKILL', waitMs: 5000 },
] as const;

/**
 * Runs one of our programs in a process of its own, in its own process group: a Ctrl-C reaches only us, and all ends
 * in order. It ends itself should we be gone (`with-parent`).
 */
export function startNodeProgram({ dist, script, env, onLine }: NodeProgram): Running {
  const withParent = pathToFileURL(join(dist, 'tools', 'with-parent.mjs')).href;
  const args = ['--enable-source-maps', '--import', withParent, join(dist, script)];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
    env,
  });
  const exited = new Promise<ServerExit>((done) => {
    child.once('close', (code, signal) => done({ code, signal }));
    child.once('error', (error) => {
      onLine(error.message, 'stderr');
      done({ code: 1, signal: null });
    });
  });
  for (const from of ['stdout', 'stderr'] as const) {
    const stream = child[from];
    if (stream) createInterface(stream).on('line', (line) => onLine(line, from));
  }
  const pid = child.pid ?? 0;
  return {
    pid,
    exited,
    stop: async () => {
      if (pid > 0) await endProcess(pid, stopSteps);
      await exited;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
