import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canReach, postgresUser } from '@telltale/platform';
import { StartFailure } from './failure';
import type { Home } from './home';

/**
 * Where PostgreSQL's data lies: in the home, unless we are root and PostgreSQL's own user cannot get there (/root is
 * closed to others). Then below /var/lib, and the home remembers it.
 */
export function postgresFolder(home: Home, elsewhere = '/var/lib'): string {
  const note = home.file('postgres-folder');
  if (existsSync(note)) return readFileSync(note, 'utf8').trim();
  const inHome = home.file('postgres');
  if (existsSync(inHome) || letPass(home.path)) return inHome;
  const name = `telltale-${createHash('sha256').update(home.path).digest('hex').slice(0, 12)}`;
  const folder = join(elsewhere, name);
  try {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o711);
  } catch (error) {
    throw new StartFailure(
      `PostgreSQL does not run as root, its own user cannot get into ${home.path}, and ${folder} cannot be made ` +
        `(${error instanceof Error ? error.message : String(error)}).\n  Set TELLTALE_HOME to a folder that every user may pass, for example /var/lib/telltale.`,
    );
  }
  writeFileSync(note, join(folder, 'postgres'));
  return join(folder, 'postgres');
}

/** Our own folder may be opened for passing through; the folders above it are not ours to change. */
function letPass(folder: string): boolean {
  const user = postgresUser();
  if (canReach(folder, user)) return true;
  const { mode } = statSync(folder);
  chmodSync(folder, mode | 0o011);
  if (canReach(folder, user)) return true;
  chmodSync(folder, mode);
  return false;
}
