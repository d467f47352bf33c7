import { chmod, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from './free-port';
import { findNatsServer } from './nats-binary';
import { servicesAccount } from './nats-accounts';
import { natsConfig, type NatsAccount, type NatsUser } from './nats-config';
import { commandLine, endProcess } from './running-process';
import { ServerStartError, startServer, type ServerExit, type ServerProcess } from './server-process';

export interface EmbeddedNatsRequest {
  /** Made when missing. */
  readonly dataDir: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** The user with all rights, whose URL is returned. */
  readonly user: string;
  readonly password: string;
  /** Users with fewer rights. */
  readonly furtherUsers?: readonly NatsUser[];
  /** Users apart from the others. */
  readonly accounts?: readonly NatsAccount[];
  readonly onLog?: (line: string) => void;
}

export interface EmbeddedServer {
  /** With user and password. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly exited: Promise<ServerExit>;
  /** Ends it in order, by force after a deadline. */
  stop(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
}

const stopSteps = [{ signal: 'SIGTERM', waitMs: 10_000 }] as const;

/**
 * Starts nats-server with JetStream on this machine. One that an earlier, killed start left on the same data is ended first.
 *
 * @throws ConfigurationError where there is no nats-server; ServerStartError where it does not come up
 */
export async function startEmbeddedNats(request: EmbeddedNatsRequest): Promise<EmbeddedServer> {
  await mkdir(request.dataDir, { recursive: true, mode: 0o700 });
  const dataDir = await realpath(request.dataDir);
  const host = request.host ?? '127.0.0.1';
  await endStale(dataDir);
  await moveStreams(dataDir);
  for (let attempt = 1; ; attempt++) {
    const port = request.port ?? (await freePort(host));
    try {
      const server = await run(request, dataDir, host, port);
      const url = `nats://${encodeURIComponent(request.user)}:${encodeURIComponent(request.password)}@${host}:${port}`;
      return { ...server, port, url };
    } catch (error) {
      // Somebody else took the port between our look and the server's: only then, and only for a port we chose.
      if (request.port !== undefined || attempt >= 5 || !isPortTaken(error)) throw error;
    }
  }
}

async function run(
  request: EmbeddedNatsRequest,
  dataDir: string,
  host: string,
  port: number,
): Promise<ServerProcess> {
  const users = [{ user: request.user, password: request.password }, ...(request.furtherUsers ?? [])];
  const configFile = join(dataDir, 'nats-server.conf');
  const pidFile = join(dataDir, 'nats-server.pid');
  await writeFile(
    configFile,
    natsConfig({ host, port, dataDir, pidFile, users, accounts: request.accounts ?? [] }),
    { mode: 0o600 },
  );
  await chmod(configFile, 0o600);
  return startServer({
    name: 'nats-server',
    file: findNatsServer(),
    args: ['--config', configFile],
    readyLine: /Server is ready/,
    readyTimeoutMs: 60_000, // a large log is checked first
    stopSteps,
    onLog: request.onLog,
  });
}

async function endStale(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, 'nats-server.pid');
  const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  if (!Number.isInteger(pid)) return;
  if (commandLine(pid)?.includes(join(dataDir, 'nats-server.conf'))) {
    await endProcess(pid, [...stopSteps, { signal: 'SIGKILL', waitMs: 5000 }]);
  }
  await rm(pidFile, { force: true });
}

/** Where there were no accounts the streams lie in the server's own, `$G`, whose folder differs by its name alone. */
async function moveStreams(dataDir: string): Promise<void> {
  const [before, now] = ['$G', servicesAccount].map((name) => join(dataDir, 'jetstream', name)) as [
    string,
    string,
  ];
  const isThere = (path: string) =>
    stat(path).then(
      () => true,
      () => false,
    );
  if ((await isThere(before)) && !(await isThere(now))) await rename(before, now);
}

function isPortTaken(error: unknown): boolean {
  return error instanceof ServerStartError && /address already in use/i.test(error.message);
}
