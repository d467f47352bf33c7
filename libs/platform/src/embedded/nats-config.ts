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

export interface NatsConfig {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly pidFile: string;
  readonly users: readonly NatsUser[];
}

/** nats-server's configuration file. JSON strings are valid strings there. */
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
authorization {
  users: [
${config.users.map(userLine).join('\n')}
  ]
}
`;
}

function userLine({ user, password, permissions }: NatsUser): string {
  return `    { user: ${quoted(user)}, password: ${quoted(password)}${permissions ? rights(permissions) : ''} }`;
}

function rights({ publish, subscribe, answers }: NatsPermissions): string {
  const responses = answers ? ', allow_responses: { max: 1, expires: "30s" }' : '';
  return `, permissions: { publish: ${allow(publish)}, subscribe: ${allow(subscribe)}${responses} }`;
}

/** An empty `allow` list would mean "everything". */
function allow(subjects: readonly string[]): string {
  return subjects.length === 0 ? '{ deny: ">" }' : `{ allow: [${subjects.map(quoted).join(', ')}] }`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
