import { readerOf } from '../tailing/file-reader';
import { beginning } from '../tailing/position';
import type { TrackedFile } from '../tailing/tracked-file';

/** A file that nothing is known of yet. */
export function trackedFile(path: string, { mtimeMs = 0, size = 100 } = {}): TrackedFile {
  return {
    path,
    root: '/',
    reader: readerOf('lines'),
    local: true,
    subject: path,
    stat: { size, mtimeMs, inode: 1 },
    readAt: 0,
    position: beginning,
    search: undefined,
    touchedAt: undefined,
    settled: false,
    troubled: false,
    queued: 'no',
    running: false,
    again: false,
  };
}
