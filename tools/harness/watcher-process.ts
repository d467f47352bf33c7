import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { strangersEnvironment } from './strangers-environment';

export interface WatcherRequest {
  readonly natsUrl: string;
  readonly hostName: string;
  /** Its sources' roots; without them they find nothing. */
  readonly env: Readonly<Record<string, string>>;
}

/** The watcher of a further host, as it runs there: the built program, in a process of its own. */
export class WatcherProcess {
  private readonly exited: Promise<unknown>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly home: string,
  ) {
    this.exited = new Promise((done) => child.once('exit', done));
  }

  /** Says that it lives once it has found the broker: see `/api/pipeline`. */
  static start({ natsUrl, hostName, env }: WatcherRequest): WatcherProcess {
    const home = mkdtempSync(join(tmpdir(), 'telltale-nobodys-home-'));
    const child = spawn(process.execPath, [resolve('dist/apps/watcher/main.mjs')], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'], // it ends when we do
      env: {
        ...strangersEnvironment(home),
        NATS_URL: natsUrl,
        TELLTALE_HOST_NAME: hostName,
        TELLTALE_HEALTH_PORT: '0',
        ...env,
      },
    });
    return new WatcherProcess(child, home);
  }

  /** Ends it as a host ends whose power fails. */
  async kill(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
    await this.exited;
    rmSync(this.home, { recursive: true, force: true });
  }
}
