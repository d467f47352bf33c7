import { mkdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { ConfigurationError } from '../config/configuration-error';
import { withConnection } from '../postgres/with-connection';
import { freePort } from './free-port';
import type { EmbeddedServer } from './nats';
import { findPostgres, type PostgresBinaries } from './postgres-binaries';
import { initialise } from './postgres-initialise';
import { endStalePostgres } from './postgres-stale';
import { canReach, postgresUser, type SystemUser } from './postgres-user';
import { ServerStartError, startServer, type ServerProcess } from './server-process';

export interface EmbeddedPostgresRequest {
  /** Made when missing. Where we are root, PostgreSQL's user must be able to reach it, see {@link canReach}. */
  readonly dataDir: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Made when missing. Default `telltale`. */
  readonly database?: string;
  /** Server settings beside ours. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly onLog?: (line: string) => void;
}

const host = '127.0.0.1';
const user = 'telltale';
/** Fast shutdown, then the immediate one (which recovers at the next start). */
const stopSteps = [
  { signal: 'SIGINT', waitMs: 15_000 },
  { signal: 'SIGQUIT', waitMs: 5000 },
] as const;

const ourSettings: Readonly<Record<string, string>> = {
  listen_addresses: host,
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '192MB',
  max_wal_size: '2GB',
  wal_compression: 'on',
  checkpoint_timeout: '15min',
  synchronous_commit: 'on',
  jit: 'off',
  log_min_messages: 'warning',
  log_line_prefix: '',
};

/**
 * Starts PostgreSQL on this machine, loopback only. Its password is random and lies in the data folder. A server
 * that an earlier, killed start left on the same data is ended first; as root it runs as the user `postgres`.
 *
 * @throws ConfigurationError where it cannot run here; ServerStartError where it does not come up
 */
export async function startEmbeddedPostgres(request: EmbeddedPostgresRequest): Promise<EmbeddedServer> {
  const systemUser = postgresUser();
  await mkdir(dirname(request.dataDir), { recursive: true });
  const dataDir = join(
    await realpath(dirname(request.dataDir)),
    request.dataDir.split('/').at(-1) ?? 'postgres',
  );
  if (!canReach(dirname(dataDir), systemUser)) {
    throw new ConfigurationError(
      `PostgreSQL runs as the user ${systemUser?.name}, who cannot get into ${dirname(dataDir)}. Choose a folder that every user may pass.`,
    );
  }
  const binaries = findPostgres(systemUser, dirname(dataDir));
  await endStalePostgres(dataDir, stopSteps);
  await initialise({ dataDir, binaries, user, systemUser });
  const password = (await readFile(join(dataDir, 'telltale-password'), 'utf8')).trim();
  const { server, port } = await startOnFreePort({ ...request, dataDir }, binaries, systemUser);
  const database = request.database ?? 'telltale';
  const urlOf = (name: string) =>
    `postgres://${user}:${encodeURIComponent(password)}@${host}:${port}/${encodeURIComponent(name)}`;
  try {
    await createDatabase(urlOf('postgres'), database);
  } catch (error) {
    await server.stop(); // nobody else knows of it
    throw error;
  }
  return { ...server, port, url: urlOf(database) };
}

async function startOnFreePort(
  request: EmbeddedPostgresRequest,
  binaries: PostgresBinaries,
  systemUser: SystemUser | undefined,
): Promise<{ server: ServerProcess; port: number }> {
  const deadline = Date.now() + 30_000;
  for (let attempt = 1; ; attempt++) {
    const port = request.port ?? (await freePort(host));
    try {
      return { server: await run(request, binaries, systemUser, port), port };
    } catch (error) {
      if (!(error instanceof ServerStartError)) throw error;
      // The server processes of a killed one are about to notice and end: its memory is free then.
      const mayPass = /pre-existing shared memory block/.test(error.message) && Date.now() < deadline;
      const portTaken =
        request.port === undefined && attempt < 5 && /Address already in use/i.test(error.message);
      if (!mayPass && !portTaken) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}

function run(
  request: EmbeddedPostgresRequest,
  binaries: PostgresBinaries,
  systemUser: SystemUser | undefined,
  port: number,
): Promise<ServerProcess> {
  const settings = Object.entries({ ...ourSettings, ...request.settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  return startServer({
    name: 'PostgreSQL',
    file: binaries.postgres,
    args: ['-D', request.dataDir, '-p', String(port), ...settings],
    user: systemUser,
    readyLine: /database system is ready to accept connections/,
    readyTimeoutMs: 120_000, // recovery after a crash
    stopSteps,
    onLog: request.onLog,
  });
}

async function createDatabase(url: string, database: string): Promise<void> {
  await withConnection(url, async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  });
}
