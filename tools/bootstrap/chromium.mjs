import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './command.mjs';
import { Failure } from './failure.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const onMac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/**
 * The browser for the browser tests: CHROME_PATH, else one on PATH.
 *
 * @returns {string | undefined}
 */
export function findChromium(env = process.env) {
  if (env.CHROME_PATH) {
    if (isExecutable(env.CHROME_PATH)) return env.CHROME_PATH;
    throw new Failure(
      `CHROME_PATH is "${env.CHROME_PATH}", which cannot be run. Set it to a Chromium or Chrome.`,
    );
  }
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...names.flatMap((name) => folders.map((folder) => join(folder, name))), onMac].find(isExecutable);
}

/** Finds a browser; installs Debian's where there is none and we may. */
export async function needChromium(env = process.env) {
  const found = findChromium(env);
  if (found) return found;
  if (!isDebian() || process.getuid?.() !== 0) {
    throw new Failure(
      'The browser tests need Chromium or Chrome, and none is on PATH. Install one (on Debian: sudo apt-get install chromium), ' +
        'or set CHROME_PATH to its program.',
    );
  }
  const quiet = { ...env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-q'], { env: quiet });
  await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], { env: quiet });
  const installed = findChromium(env);
  if (installed) return installed;
  throw new Failure('apt-get installed chromium, but it is not on PATH. Set CHROME_PATH to its program.');
}

/** Ubuntu's package is only a pointer to a snap. */
function isDebian() {
  return existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
