import {
  ensureServiceRoles,
  serviceUsers,
  startEmbeddedNats,
  startEmbeddedPostgres,
  type EmbeddedServer,
} from '@telltale/platform';
import type { Home } from './home';
import { postgresFolder } from './postgres-folder';
import { openSecrets } from './secrets';
import type { ServiceOutput } from './service-output';
import type { Settings } from './settings';
import { Supervised } from './supervised';

export interface ServerContext {
  readonly home: Home;
  readonly settings: Settings;
  readonly output: ServiceOutput;
  readonly report: (line: string) => void;
}

/** One NATS user each, with the rights its program needs. */
export interface NatsUrls {
  /** Of no service: for whoever looks after the server. */
  readonly operator: string;
  readonly ingest: string;
  readonly gateway: string;
  readonly watcher: string;
  /** Undefined on a server that is not ours: its operator hands out credentials. */
  readonly reader: string | undefined;
}

/** One PostgreSQL role each, with the rights its program needs. */
export interface DatabaseUrls {
  /** Of no service: for whoever looks after the server. */
  readonly operator: string;
  readonly ingest: string;
  readonly gateway: string;
}

export function postgresServer({ home, output, report }: ServerContext): Supervised<EmbeddedServer> {
  const dataDir = postgresFolder(home);
  return new Supervised(
    'PostgreSQL',
    (before) =>
      startEmbeddedPostgres({ dataDir, onLog: output.server('postgres'), ...keepPort(before?.port) }),
    report,
  );
}

export function natsServer({ home, settings, output, report }: ServerContext): Supervised<EmbeddedServer> {
  const { operator, watcher, ...services } = openSecrets(home.file('secrets.json'));
  const watchers = [{ host: settings.hostName, user: 'watcher', password: watcher }];
  const { users, accounts } = serviceUsers({ ...services, watchers });
  return new Supervised(
    'NATS',
    (before) =>
      startEmbeddedNats({
        dataDir: home.file('nats'),
        user: 'operator',
        password: operator,
        furtherUsers: users,
        accounts,
        onLog: output.server('nats'),
        ...keepPort(before?.port ?? settings.natsPort),
      }),
    report,
  );
}

/** The embedded server's URLs for each of its users. */
export function natsUrls(home: Home, url: string): NatsUrls {
  const secrets = openSecrets(home.file('secrets.json'));
  const as = (user: 'ingest' | 'gateway' | 'watcher' | 'reader') => {
    const own = new URL(url);
    own.username = user;
    own.password = secrets[user];
    return own.href;
  };
  return {
    operator: url,
    ingest: as('ingest'),
    gateway: as('gateway'),
    watcher: as('watcher'),
    reader: as('reader'),
  };
}

/** The embedded server's URLs for each of its roles, which are made where they are missing. */
export async function databaseUrls(home: Home, url: string): Promise<DatabaseUrls> {
  const { ingest, gateway } = openSecrets(home.file('secrets.json'));
  return { operator: url, ...(await ensureServiceRoles(url, { ingest, gateway })) };
}

function keepPort(port: number | undefined): { port?: number } {
  return port === undefined ? {} : { port };
}
