import type { Logger } from '../logs/logger';

export interface PostgresRequest {
  readonly url: string;
  /** Schemas, looked up in order, for example `read_model`. */
  readonly searchPath: string;
  /** How the connections are called in pg_stat_activity. */
  readonly applicationName: string;
  /** Connections at most. */
  readonly max: number;
  /** Frees what a frozen owner holds. Default 1 s; 0 is off. */
  readonly idleInTransactionTimeoutMs?: number;
  /** Default 60 s; 0 is off. */
  readonly statementTimeoutMs?: number;
  /** Sends queries without waiting for the answers of those before them; for code that batches on purpose. */
  readonly pipeline?: boolean;
  /** Further server settings of each connection. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly logger?: Logger;
}

/** The server settings of each connection as libpq's `options`. Values must not hold blanks or backslashes unescaped. */
export function serverOptions(request: PostgresRequest): string {
  const settings = {
    search_path: request.searchPath,
    idle_in_transaction_session_timeout: request.idleInTransactionTimeoutMs ?? 1000,
    statement_timeout: request.statementTimeoutMs ?? 60_000,
    // A peer that vanished without a word is noticed within about 20 s, and its locks are freed.
    tcp_keepalives_idle: 10,
    tcp_keepalives_interval: 5,
    tcp_keepalives_count: 2,
    ...request.settings,
  };
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${String(value).replace(/[\\ ]/g, '\\$&')}`)
    .join(' ');
}
