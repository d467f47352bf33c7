import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastLines, run } from './command.mjs';
import { environmentWith, findNode } from './node24.mjs';
import { nxEnvironment, nxProgram } from './nx.mjs';
import { installPackages, packagesAreCurrent } from './packages.mjs';
import { step } from './progress.mjs';
import { lockSetup } from './setup-lock.mjs';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * @typedef {object} Workbench
 * @property {string} root
 * @property {string} node the Node to run everything with
 * @property {NodeJS.ProcessEnv} env with that Node first on PATH
 */

/**
 * Everything a fresh clone lacks: Node 24, the packages, the built programs. What is there already is kept.
 *
 * @param {{ build: boolean }} what
 * @returns {Promise<Workbench>}
 */
export async function setUp({ build }) {
  const release = await lockSetup(root);
  try {
    const node = findNode(root);
    if (node.install) await step('Fetching Node.js 24', node.install);
    const env = { ...environmentWith(node.path), ...nxEnvironment };
    if (!packagesAreCurrent(root))
      await step('Installing packages', () => installPackages(root, node.path, env));
    if (build) {
      const args = [nxProgram(root), 'run-many', '-t', 'build', '--outputStyle=static'];
      const explain = (output) => `The build failed.\n${lastLines(output, 50)}`;
      await step('Building', () =>
        run(node.path, args, { cwd: root, env: { ...env, NO_COLOR: '1' }, explain }),
      );
    }
    return { root, node: node.path, env };
  } finally {
    release();
  }
}
