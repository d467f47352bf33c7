import type { NatsAccount, NatsPermissions, NatsUser } from './nats-config';

/** The account of the services, of the operator, and of whoever looks on: it has the streams. */
export const servicesAccount = 'TELLTALE';

/** The entries of `accounts { … }` in nats-server's configuration. */
export function accountBlocks(users: readonly NatsUser[], accounts: readonly NatsAccount[]): string {
  const imports = accounts.flatMap(({ name, answers = [] }) =>
    answers.map((subject) => importOf('service', name, subject)),
  );
  const exports = servicesExports(accounts);
  const services = block(servicesAccount, { users, exports, imports, jetstream: true });
  return [services, ...accounts.map(accountBlock)].join('\n');
}

function accountBlock({ name, users, asks, answers = [], hears }: NatsAccount): string {
  return block(name, {
    users,
    exports: answers.map((subject) => exportOf('service', subject, [servicesAccount])),
    imports: [
      ...asks.map((subject) => importOf('service', servicesAccount, subject)),
      ...hears.map((subject) => importOf('stream', servicesAccount, subject)),
    ],
    jetstream: false,
  });
}

/** Each to those alone who may have it. */
function servicesExports(accounts: readonly NatsAccount[]): string[] {
  const granted = (kind: Kind, of: (account: NatsAccount) => readonly string[]) =>
    [...new Set(accounts.flatMap(of))].map((subject) => {
      const names = accounts.filter((account) => of(account).includes(subject)).map(({ name }) => name);
      return exportOf(kind, subject, names);
    });
  return [...granted('service', ({ asks }) => asks), ...granted('stream', ({ hears }) => hears)];
}

type Kind = 'service' | 'stream';

function exportOf(kind: Kind, subject: string, accounts: readonly string[]): string {
  return `{ ${kind}: ${quoted(subject)}, accounts: [${accounts.map(quoted).join(', ')}] }`;
}

function importOf(kind: Kind, account: string, subject: string): string {
  return `{ ${kind}: { account: ${quoted(account)}, subject: ${quoted(subject)} } }`;
}

interface Block {
  readonly users: readonly NatsUser[];
  readonly exports: readonly string[];
  readonly imports: readonly string[];
  readonly jetstream: boolean;
}

function block(name: string, { users, exports, imports, jetstream }: Block): string {
  const parts = [
    ...(jetstream ? ['    jetstream: enabled'] : []),
    list('users', users.map(userLine)),
    ...(exports.length > 0 ? [list('exports', exports)] : []),
    ...(imports.length > 0 ? [list('imports', imports)] : []),
  ];
  return `  ${quoted(name)} {\n${parts.join('\n')}\n  }`;
}

function list(name: string, entries: readonly string[]): string {
  return `    ${name}: [\n${entries.map((entry) => `      ${entry}`).join('\n')}\n    ]`;
}

function userLine({ user, password, permissions }: NatsUser): string {
  return `{ user: ${quoted(user)}, password: ${quoted(password)}${permissions ? rights(permissions) : ''} }`;
}

function rights({ publish, subscribe, answers }: NatsPermissions): string {
  const responses = answers ? ', allow_responses: { max: 1, expires: "30s" }' : '';
  return `, permissions: { publish: ${allow(publish)}, subscribe: ${allow(subscribe)}${responses} }`;
}

/** An empty `allow` list would mean "everything". */
function allow(subjects: readonly string[]): string {
  return subjects.length === 0 ? '{ deny: ">" }' : `{ allow: [${subjects.map(quoted).join(', ')}] }`;
}

/** A string of nats-server's configuration: nothing in it ends the string or begins a line. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replace(/\p{Cc}/gu, byteOf)}"`;
}

/** The server reads it as a byte: beyond ASCII it would be another letter. Of JSON's escapes it knows few. */
function byteOf(control: string): string {
  const code = control.charCodeAt(0);
  return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : control;
}
