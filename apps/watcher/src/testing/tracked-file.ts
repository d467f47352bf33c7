import { newTrackedFile, type TrackedFile } from '../tailing/tracked-file';

/** A file that nothing is known of yet. */
export function trackedFile(path: string, { mtimeMs = 0, size = 100 } = {}): TrackedFile {
  const found = { path, root: '/', reading: 'lines', local: true } as const;
  return newTrackedFile(found, path, { size, mtimeMs, inode: 1 });
}
