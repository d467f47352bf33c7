import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** Whether this path ends, by a symbolic link, outside of the folder. What cannot be read at all does not. */
export async function leadsOut(folder: string, path: string): Promise<boolean> {
  try {
    const [root, file] = await Promise.all([
      realpath(folder),
      realpath(join(folder, decodeURIComponent(path))),
    ]);
    return file !== root && !file.startsWith(root + sep);
  } catch {
    return false; // there is no such file, or the path is no path: whoever serves files says so
  }
}
