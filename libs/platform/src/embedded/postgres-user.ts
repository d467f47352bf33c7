import { execFileSync, spawnSync } from 'node:child_process';
import { ConfigurationError } from '../config/configuration-error';

export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * As whom PostgreSQL runs when we are root, which it refuses to be: the system's `postgres` user, made when missing,
 * else `nobody`. Undefined where we are not root.
 *
 * @throws ConfigurationError where no such user can be had
 */
export function postgresUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const existing = lookUp('postgres');
  if (existing) return existing;
  for (const [file, args] of userCommands) spawnSync(file, args, { stdio: 'ignore' });
  const user = lookUp('postgres') ?? lookUp('nobody');
  if (user) return user;
  throw new ConfigurationError(
    'PostgreSQL does not run as root, and no user "postgres" could be made for it. Run Telltale as another user, or set DATABASE_URL.',
  );
}

/** Debian's and most others'; then Alpine's. */
const userCommands: readonly [string, string[]][] = [
  ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', 'postgres']],
  ['adduser', ['-S', '-D', '-H', 'postgres']],
];

function lookUp(name: string): SystemUser | undefined {
  try {
    const id = (flag: string) =>
      Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return { name, uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined; // no such user
  }
}

/** Whether a user can get into a folder: every folder above it must let them pass. Tried, since ACLs decide too. */
export function canReach(folder: string, user: SystemUser | undefined): boolean {
  if (user === undefined) return true;
  const tried = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], {
    cwd: '/',
    uid: user.uid,
    gid: user.gid,
    stdio: 'ignore',
  });
  return tried.status === 0;
}
