import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder of an installed package, found as Node would from the running script, then from the working folder.
 * Undefined where it is not installed: platform packages are optional dependencies.
 */
export function findPackage(name: string, from: readonly string[] = startingPoints()): string | undefined {
  for (const start of from) {
    for (let folder = start; ; folder = dirname(folder)) {
      const candidate = join(folder, 'node_modules', name);
      if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
      if (dirname(folder) === folder) break;
    }
  }
  return undefined;
}

function startingPoints(): string[] {
  const script = process.argv[1];
  return [...(script && existsSync(script) ? [dirname(realpathSync(script))] : []), process.cwd()];
}
