import { accountBlocks, quoted } from './nats-accounts';

/** Subjects a user may publish and subscribe; without them: everything. */
export interface NatsPermissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** May answer requests, whatever inbox they name. */
  readonly answers?: boolean;
}

export interface NatsUser {
  readonly user: string;
  readonly password: string;
  readonly permissions?: NatsPermissions;
}

/**
 * Users whose messages stay among themselves, but for what is listed here, which is exchanged with the services' account.
 *
 * Permissions alone do not bound a user: a request may name any subject for its answer, and it is the server that
 * publishes there, also on subjects that command the server. From another account an answer never leaves that account.
 */
export interface NatsAccount {
  readonly name: string;
  readonly users: readonly NatsUser[];
  /** What its users publish for the services, for JetStream to store, or to be answered: with one answer each. */
  readonly asks: readonly string[];
  /** Requests of the services' that its users answer. */
  readonly answers?: readonly string[];
  /** What the services say and its users hear. */
  readonly hears: readonly string[];
}

export interface NatsConfig {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly pidFile: string;
  /** Of the services' account, which has JetStream. */
  readonly users: readonly NatsUser[];
  readonly accounts?: readonly NatsAccount[];
}

/** nats-server's configuration file. */
export function natsConfig(config: NatsConfig): string {
  return `# Written by Telltale at each start.
server_name: telltale
listen: ${quoted(`${config.host}:${config.port}`)}
pid_file: ${quoted(config.pidFile)}
max_payload: 2MB
max_pending: 64MB
write_deadline: "10s"
jetstream {
  store_dir: ${quoted(config.dataDir)}
  max_memory_store: 64MB
  # Acknowledged writes reach the disk at most this much later; a process that is killed loses none.
  sync_interval: "5s"
}
accounts {
${accountBlocks(config.users, config.accounts ?? [])}
}
`;
}
