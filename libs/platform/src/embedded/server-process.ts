import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { endProcess } from './running-process';

export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server did not come up. The message carries its last words. */
export class ServerStartError extends Error {
  override readonly name = 'ServerStartError';
}

export interface ServerCommand {
  /** How it is called in messages, for example `nats-server`. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** As whom it runs, where that is not us. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** The line of its log that says it can be used. */
  readonly readyLine: RegExp;
  readonly readyTimeoutMs: number;
  /** Asks it to end; later ones are for a server that does not. */
  readonly stopSteps: readonly { signal: NodeJS.Signals; waitMs: number }[];
  readonly onLog?: ((line: string) => void) | undefined;
}

export interface ServerProcess {
  readonly pid: number;
  readonly exited: Promise<ServerExit>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/**
 * Starts a server and waits for its ready line. It runs in a process group of its own, so that a Ctrl-C in the
 * terminal reaches only us and all ends in order; should we be killed, a guard ends it.
 *
 * @throws ServerStartError when it exits or says nothing in time
 */
export async function startServer(command: ServerCommand): Promise<ServerProcess> {
  const child = spawn(command.file, command.args, {
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Not our environment: it holds passwords and means nothing to the server.
    // GOMEMLIMIT: else the broker keeps what passed through it in a backfill (Go only; others ignore it).
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC', GOMEMLIMIT: '512MiB' },
    ...(command.user ? { uid: command.user.uid, gid: command.user.gid } : {}),
  });
  const exited = new Promise<ServerExit>((done) =>
    // Not 'close': that waits for pipes, which a child of the server may hold longer.
    child.once('exit', (code, signal) => done({ code, signal })),
  );
  await ready(child, command);
  const pid = child.pid as number;
  const guard = startGuard(pid, command.stopSteps[0]?.signal ?? 'SIGTERM');
  const gone = exited.then(guard.end);
  return {
    pid,
    exited,
    stop: async () => {
      await endProcess(pid, [...command.stopSteps, { signal: 'SIGKILL', waitMs: 5000 }]);
      await gone;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function ready(child: ChildProcess, command: ServerCommand): Promise<void> {
  const lastLines: string[] = [];
  return new Promise((done, fail) => {
    const failed = (why: string) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      fail(
        new ServerStartError(
          `${command.name} did not start: ${why}${lastLines.length > 0 ? `\n  ${lastLines.join('\n  ')}` : ''}`,
        ),
      );
    };
    const timer = setTimeout(
      () => failed(`not ready within ${command.readyTimeoutMs / 1000} s`),
      command.readyTimeoutMs,
    );
    child.once('error', (error) => failed(error.message));
    child.once('close', (code, signal) => failed(signal ? `ended by ${signal}` : `exit code ${code}`));
    const take = (line: string) => {
      command.onLog?.(line);
      if (lastLines.push(line) > 8) lastLines.shift();
      if (!command.readyLine.test(line)) return;
      clearTimeout(timer);
      done();
    };
    for (const stream of [child.stdout, child.stderr]) if (stream) createInterface(stream).on('line', take);
  });
}

/**
 * Ends the server when we are gone without having done so (kill -9, a crash): the guard's standard input is a
 * pipe from us, which the system closes then.
 */
function startGuard(pid: number, signal: NodeJS.Signals): { end: () => Promise<void> } {
  const script = 'while read -r _; do :; done; kill -s "$1" "$2"';
  const guard = spawn('/bin/sh', ['-c', script, 'telltale-guard', signal.replace('SIG', ''), String(pid)], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
  });
  // 'error': no /bin/sh; the next start ends what is left then.
  const gone = new Promise<void>((done) => guard.once('exit', () => done()).once('error', () => done()));
  guard.unref();
  return {
    end: () => {
      // Its end is waited for now: it must keep us alive, or we would be gone before our last words.
      guard.ref();
      guard.kill('SIGKILL');
      return gone;
    },
  };
}
