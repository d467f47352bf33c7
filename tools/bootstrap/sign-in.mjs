import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from './command.mjs';
import { Failure } from './failure.mjs';

/** Another one-time link for the Telltale that runs with this TELLTALE_HOME. It says itself how a link is made. */
export async function printSignInLink() {
  const home = homeFolder(process.env.TELLTALE_HOME);
  const running = readRunning(join(home, 'run.json'));
  if (!running) {
    throw new Failure(
      `No Telltale is running with the state in ${home}. Start it with "npm start" (TELLTALE_HOME says which).`,
    );
  }
  const { file, args, cwd, env } = running.signIn;
  const output = await run(file, args, { cwd, env: { ...process.env, ...env } });
  console.log(output.trim());
}

function readRunning(file) {
  try {
    const running = JSON.parse(readFileSync(file, 'utf8'));
    process.kill(running.pid, 0);
    return running;
  } catch (error) {
    if (error.code === 'EACCES') throw new Failure(`${file} may not be read: it belongs to another user.`);
    return undefined; // no start yet, one that was killed, or half a file
  }
}

/** As the services read it. */
function homeFolder(value) {
  const path = value || '~/.telltale';
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(2)) : resolve(path);
}
