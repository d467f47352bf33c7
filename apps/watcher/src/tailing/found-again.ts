import { dirname, normalize, sep } from 'node:path';
import type { WatchedSource } from '../sources/source';
import { depthLimit, type FoundFile } from './file-tree';

/**
 * A file, or a folder that is told of like one, that the log says was below a root. The log may say anything: undefined
 * where a walk from the root would never have come to it, so that nothing else is ever opened.
 */
export function foundAgain(
  sources: readonly WatchedSource[],
  { root, path }: { readonly root: string; readonly path: string },
): FoundFile | undefined {
  const source = sources.find(({ roots }) => roots.includes(root));
  if (source === undefined || !isBelow(root, path)) return undefined;
  const folders = foldersBetween(root, path);
  if (folders.length > depthLimit || !folders.every((folder) => source.entersDirectory(root, folder)))
    return undefined;
  const description = source.describeFile(root, path) ?? source.describeDirectory?.(root, path);
  return description && { ...description, path, root, source, local: false };
}

/** Below it as it stands, with nothing in it that leads up again. */
function isBelow(root: string, path: string): boolean {
  const base = root.endsWith(sep) ? root : root + sep;
  return path.startsWith(base) && path === normalize(path) && !path.includes('\0');
}

function foldersBetween(root: string, path: string): string[] {
  const folders: string[] = [];
  for (let folder = dirname(path); folder.length > root.length; folder = dirname(folder))
    folders.push(folder);
  return folders;
}
