import type { DatabaseUrls, NatsUrls } from './servers';
import type { Settings } from './settings';

export interface Addresses {
  readonly nats: NatsUrls;
  readonly database: DatabaseUrls;
  /** The gateway's. */
  readonly port: number;
  readonly demoRoot: string | undefined;
}

export type Environment = Record<string, string>;
export type ServiceName = 'ingest' | 'gateway' | 'watcher';

/** What only some may know: each service is told what it needs, and does not inherit the rest. */
const confidential = ['NATS_URL', 'DATABASE_URL', 'TELLTALE_ADMIN_PASSWORD'];

/** What we were started with, without npm's own variables and what is confidential. */
export function inherited(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(npm|NX)_/i.test(name) && !confidential.includes(name)),
  );
}

/** What each service is started with, beside what it inherits. */
export function serviceEnvironments(
  settings: Settings,
  addresses: Addresses,
  adminPassword?: string,
): Record<ServiceName, Environment> {
  const common = { TELLTALE_HOME: settings.home, TELLTALE_HOST_NAME: settings.hostName };
  const serversOf = (service: 'ingest' | 'gateway') => ({
    NATS_URL: addresses.nats[service],
    DATABASE_URL: addresses.database[service],
  });
  return {
    // Its name stays, so that after a restart it takes its partitions back at once.
    ingest: { ...common, ...serversOf('ingest'), TELLTALE_INSTANCE: `${settings.hostName}-local` },
    gateway: {
      ...common,
      ...serversOf('gateway'),
      TELLTALE_HOST: settings.host,
      TELLTALE_PORT: String(addresses.port),
      ...(adminPassword ? { TELLTALE_ADMIN_PASSWORD: adminPassword } : {}),
    },
    watcher: {
      ...common,
      NATS_URL: addresses.nats.watcher,
      ...(addresses.demoRoot ? { TELLTALE_DEMO_ROOT: addresses.demoRoot } : {}),
    },
  };
}
