import type { NatsAccount, NatsUser } from '../embedded/nats-config';
import { gatewayPermissions, ingestPermissions, readerPermissions, watcherAccount } from './permissions';

export interface ServicePasswords {
  readonly ingest: string;
  readonly gateway: string;
  readonly reader: string;
  /** The watchers of each host. */
  readonly watchers: readonly { readonly host: string; readonly user: string; readonly password: string }[];
}

/** Everybody who may come in, each with its rights: beside the operator, who has all. */
export function serviceUsers({ ingest, gateway, reader, watchers }: ServicePasswords): {
  /** In the services' account. */
  readonly users: NatsUser[];
  readonly accounts: NatsAccount[];
} {
  return {
    users: [
      { user: 'ingest', password: ingest, permissions: ingestPermissions },
      { user: 'gateway', password: gateway, permissions: gatewayPermissions },
      { user: 'reader', password: reader, permissions: readerPermissions },
    ],
    accounts: watchers.map(({ host, ...user }) => watcherAccount(host, user)),
  };
}
