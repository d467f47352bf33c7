import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Nx without its background process, its screen and its cloud. */
export const nxEnvironment = {
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  NX_NO_CLOUD: 'true',
  NX_ISOLATE_PLUGINS: 'false',
};

/** Nx's program inside node_modules. */
export function nxProgram(root) {
  const folder = join(root, 'node_modules', 'nx');
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin.nx);
}
