import { stat as statOf } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Stats } from 'node:fs';
import { isAbsent } from '../../tailing/error-code';
import type { FileReader, ReadRequest } from '../../tailing/file-reader';
import { fingerprint } from '../../tailing/fingerprint';
import { fileStat, newGeneration, type Reading } from '../../tailing/reading';

/** Says once of a run's folder that it is there; what happens in it its files tell. */
export class FolderReader implements FileReader {
  readonly grows = false;

  async read({ path, position }: ReadRequest): Promise<Reading> {
    const stats = await statOf(path).catch((error: unknown) => {
      if (isAbsent(error)) return undefined;
      throw error;
    });
    if (!stats?.isDirectory()) return { kind: 'gone' };
    const stat = fileStat(stats);
    const isKnown = position.generation !== undefined && position.identity?.inode === stat.inode;
    if (isKnown) return { kind: 'nothing', stat, search: undefined };
    const value = { folder: basename(path), createdAt: createdAt(stats) };
    const bytes = Buffer.from(`${JSON.stringify({ element: 'run', value })}\n`);
    const hash = fingerprint(bytes);
    return {
      kind: 'bytes',
      type: 'telltale.file.replaced.v1',
      bytes,
      generation: newGeneration(),
      from: 0,
      to: bytes.length,
      part: undefined,
      identity: { device: stats.dev, inode: stat.inode, hash, bytes: bytes.length },
      tail: hash,
      stat,
      more: false,
    };
  }
}

/** Epoch milliseconds. Some file systems do not know when a folder was made; then its last change stands for that. */
function createdAt({ birthtimeMs, mtimeMs }: Stats): number {
  return Math.trunc(birthtimeMs > 0 ? Math.min(birthtimeMs, mtimeMs) : mtimeMs);
}
