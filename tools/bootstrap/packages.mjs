import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { explainNpm, npmProgram } from './npm.mjs';

const marker = (root) => join(root, 'node_modules', '.telltale-lock');

/** Whether node_modules is what the lock file says: the lock file's hash is written there when an install is through. */
export function packagesAreCurrent(root) {
  return existsSync(marker(root)) && readFileSync(marker(root), 'utf8') === fingerprint(root);
}

/**
 * `npm ci` under the Node given: npm leaves out, without a word, optional packages whose `engines` do not fit.
 *
 * @param {string} root
 * @param {string} nodePath
 * @param {NodeJS.ProcessEnv} env
 */
export async function installPackages(root, nodePath, env) {
  const options = ['ci', '--no-audit', '--no-fund', '--include=dev', '--include=optional'];
  await run(nodePath, [npmProgram(), ...options], { cwd: root, env, explain: explainNpm });
  writeFileSync(marker(root), fingerprint(root));
}

function fingerprint(root) {
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return `${hash} ${process.platform}-${process.arch}\n`;
}
