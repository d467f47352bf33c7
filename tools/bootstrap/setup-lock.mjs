import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';

/**
 * Lets one run at a time set things up in this folder. A lock whose owner is gone is taken over; one's own goes with
 * the process.
 *
 * @param {string} root
 * @returns {Promise<() => void>} releases it
 */
export async function lockSetup(root) {
  const folder = join(root, '.node');
  const file = join(folder, 'setup.lock');
  const mine = `${process.pid} ${startTime(process.pid) ?? ''}`;
  makeFolder(folder);
  for (let told = false; !tryCreate(file, mine);) {
    const theirs = readOwner(file);
    if (theirs === undefined) continue; // released just now
    if (isRunning(theirs)) {
      if (!told)
        console.log(
          `  Another Telltale (process ${theirs.split(' ')[0]}) is setting up this folder; waiting for it …`,
        );
      told = true;
      await new Promise((done) => setTimeout(done, 300));
    } else {
      takeAway(file, theirs);
    }
  }
  const release = () => {
    if (readOwner(file) === mine) rmSync(file, { force: true });
  };
  process.once('exit', release);
  return release;
}

function makeFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `.writable-${process.pid}`), '');
    rmSync(join(folder, `.writable-${process.pid}`), { force: true });
  } catch (error) {
    throw new Failure(
      `Telltale must be able to write to its own folder, and cannot: ${error.message}\n` +
        '  Clone it to a folder of yours, or change that folder’s owner (chown).',
    );
  }
}

function tryCreate(file, content) {
  try {
    writeFileSync(file, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Moved aside first, and looked at: between reading and moving somebody else may have taken it over. */
function takeAway(file, content) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // somebody was quicker
  }
  if (readOwner(aside) !== content) renameSync(aside, file);
  else rmSync(aside, { force: true });
}

function readOwner(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** The number alone does not do: after a restart of the machine it is somebody else's. */
function isRunning(owner) {
  const [pid, started] = owner.split(' ');
  if (!/^\d+$/.test(pid ?? '')) return false;
  const now = startTime(Number(pid));
  return now !== undefined && (started === '' || started === now);
}

/** When a process started; undefined when there is none; '' where the system does not tell. */
function startTime(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return undefined;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return '';
  }
}
