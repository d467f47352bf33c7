import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { StartFailure } from './failure';
import { lockHome } from './home-lock';
import { readRunFile, runFileName } from './run-file';

export interface Home {
  readonly path: string;
  readonly logs: string;
  /** The last run did not end in order. */
  readonly tookOver: boolean;
  file(name: string): string;
  /** Lets another Telltale have it. */
  release(): void;
}

/**
 * Opens the folder that holds all state, for us alone.
 *
 * @throws StartFailure when it cannot be written, or another Telltale runs there
 */
export function openHome(path: string): Home {
  makeWritable(path);
  const home = realpathSync(path);
  const file = (name: string) => join(home, name);
  const lock = lockHome(file('lock'));
  if (lock.kind === 'taken') {
    const url = readRunFile(home)?.url;
    throw new StartFailure(
      `Telltale is already running${url ? ` at ${url}` : ''} (process ${lock.owner.pid}) with the state in ${home}.\n` +
        '  "npm run sign-in" prints a link to it. For a second one set another TELLTALE_HOME and TELLTALE_PORT.',
    );
  }
  rmSync(file(runFileName), { force: true });
  const logs = file('logs');
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  return { path: home, logs, tookOver: lock.tookOver, file, release: () => lock.release() };
}

function makeWritable(path: string): void {
  try {
    const isNew = !existsSync(path);
    mkdirSync(path, { recursive: true });
    // Others may pass, for PostgreSQL's own user where we are root; they cannot list or read.
    if (isNew) chmodSync(path, 0o711);
    if (!statSync(path).isDirectory()) throw new Error('it is not a folder');
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartFailure(
      `Telltale cannot keep its state in ${path}: ${why}\n  Set TELLTALE_HOME to a folder that you may write to.`,
    );
  }
}
