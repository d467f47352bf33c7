import { join } from 'node:path';
import { absolutePath, commaList } from '@telltale/platform';
import type { Source } from '@telltale/contracts';

/** Set where the demo plays: a folder for each source in it is watched beside the real ones. */
export const demoEnvironment = { TELLTALE_DEMO_ROOT: commaList };

export function demoRoots(folders: readonly string[], source: Source): string[] {
  return folders.map((folder) => join(absolutePath(folder), source));
}
