import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { run } from './command.mjs';
import { Failure } from './failure.mjs';
import { explainNpm, npmProgram } from './npm.mjs';

const least = [24, 7];

/** @param {string} version for example `20.20.2` */
export function isRecentEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > least[0] || (major === least[0] && minor >= least[1]);
}

/**
 * The Node to run everything with: this one where it is recent enough, else the one in `.node/`.
 *
 * @param {string} root
 * @returns {{ path: string, install?: () => Promise<void> }} `install` is there when it has to be fetched first
 */
export function findNode(root) {
  if (isRecentEnough(process.versions.node)) return { path: process.execPath };
  const wanted = JSON.parse(readFileSync(new URL('node24.json', import.meta.url), 'utf8'))[
    `${process.platform}-${process.arch}`
  ];
  if (!wanted) {
    throw new Failure(
      `Telltale needs Node.js ${least.join('.')} or newer; this is ${process.versions.node}, and none can be fetched for ` +
        `${process.platform}-${process.arch}. Install it from https://nodejs.org.`,
    );
  }
  const folder = join(root, '.node', `${wanted.package}-${wanted.version}`);
  const path = join(folder, 'node_modules', wanted.package, 'bin', 'node');
  return existsSync(path) && works(path) ? { path } : { path, install: () => install(wanted, folder, path) };
}

/**
 * npm itself checks the integrity of what a lock file names. In another folder first: what an interrupted run left
 * is not taken for a whole one.
 */
async function install(wanted, folder, path) {
  clearUnfinished(dirname(folder));
  const unfinished = `${folder}.${process.pid}.new`;
  mkdirSync(unfinished, { recursive: true });
  const dependencies = { [wanted.package]: wanted.version };
  const entry = { version: wanted.version, integrity: wanted.integrity };
  const packages = { '': { dependencies }, [`node_modules/${wanted.package}`]: entry };
  const write = (name, value) =>
    writeFileSync(join(unfinished, name), JSON.stringify({ name: 'node', version: '1.0.0', ...value }));
  write('package.json', { private: true, dependencies });
  write('package-lock.json', { lockfileVersion: 3, requires: true, packages });
  const options = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--omit=dev'];
  await run(process.execPath, [npmProgram(), ...options], { cwd: unfinished, explain: explainNpm });
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
  if (!works(path))
    throw new Failure(
      `The Node.js that was fetched does not run here (${path}). Install Node.js ${least.join('.')} or newer.`,
    );
}

function clearUnfinished(folder) {
  for (const name of readdirSync(folder))
    if (name.endsWith('.new')) rmSync(join(folder, name), { recursive: true, force: true });
}

function works(path) {
  try {
    return isRecentEnough(
      execFileSync(path, ['-p', 'process.versions.node'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim(),
    );
  } catch {
    return false; // cut off, or for another system
  }
}

/** Programs that ask for `node` get ours too. */
export function environmentWith(nodePath, env = process.env) {
  return { ...env, PATH: `${dirname(nodePath)}${delimiter}${env.PATH ?? ''}` };
}
