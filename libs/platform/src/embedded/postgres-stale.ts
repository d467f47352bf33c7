import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine, endProcess } from './running-process';

/**
 * Ends the server that still runs on this data, left by a start that was killed. Where its number now belongs to
 * another process, PostgreSQL would refuse to start: the lock file then gets our number, which PostgreSQL knows to
 * be its parent's and so not a server's. The file itself stays, since it also names the shared memory to check.
 */
export async function endStalePostgres(
  dataDir: string,
  stopSteps: readonly { signal: NodeJS.Signals; waitMs: number }[],
): Promise<void> {
  const lockFile = join(dataDir, 'postmaster.pid');
  const content = await readFile(lockFile, 'utf8').catch(() => '');
  const pid = Number.parseInt(content, 10);
  if (!Number.isInteger(pid)) return;
  const running = commandLine(pid);
  if (running === undefined) return;
  if (running.includes(dataDir) && running.includes('postgres')) {
    await endProcess(pid, [...stopSteps, { signal: 'SIGKILL', waitMs: 5000 }]);
    return;
  }
  await writeFile(lockFile, content.replace(/^\d+/, String(process.pid)));
}
