import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ConfigurationError } from '../config/configuration-error';
import type { PostgresBinaries } from './postgres-binaries';
import type { SystemUser } from './postgres-user';
import { ServerStartError } from './server-process';

export interface Initialisation {
  readonly dataDir: string;
  readonly binaries: PostgresBinaries;
  /** The database's superuser. */
  readonly user: string;
  readonly systemUser: SystemUser | undefined;
}

/** Makes the data folder, once. Under another name first: what an interrupted run left is thrown away. */
export async function initialise({ dataDir, binaries, user, systemUser }: Initialisation): Promise<void> {
  if (existsSync(join(dataDir, 'telltale-password'))) return;
  if (existsSync(dataDir) && (await readdir(dataDir)).length > 0) {
    throw new ConfigurationError(
      `${dataDir} holds something that is not Telltale's. Move it away, or choose another TELLTALE_HOME.`,
    );
  }
  const unfinished = `${dataDir}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  const passwordFile = `${dataDir}.password`;
  await writeFile(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  if (systemUser)
    for (const path of [unfinished, passwordFile]) await chown(path, systemUser.uid, systemUser.gid);
  await initdb(binaries.initdb, initdbArguments(unfinished, passwordFile, user), systemUser);
  await rename(passwordFile, join(unfinished, 'telltale-password'));
  await rename(unfinished, dataDir);
}

function initdbArguments(dataDir: string, passwordFile: string, user: string): string[] {
  return [
    `--pgdata=${dataDir}`,
    `--username=${user}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Not the machine's locale: the same order and case rules everywhere, whatever is installed.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
  ];
}

async function initdb(
  file: string,
  args: readonly string[],
  systemUser: SystemUser | undefined,
): Promise<void> {
  try {
    await promisify(execFile)(file, args, {
      cwd: '/',
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
      ...(systemUser ? { uid: systemUser.uid, gid: systemUser.gid } : {}),
    });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new ServerStartError(`PostgreSQL's data folder could not be made: ${said || String(error)}`, {
      cause: error,
    });
  }
}
