import { relative, sep } from 'node:path';
import { codexFile } from '@telltale/domain';
import type { WatchedSource } from '../source';

const folders: readonly (string | undefined)[] = ['sessions', 'archived_sessions'];

/** Codex CLI's rollouts, below `sessions` and `archived_sessions` of each home. */
export function codexSource(homes: readonly string[]): WatchedSource {
  return {
    name: 'codex',
    roots: homes,
    entersDirectory: (root, directory) => folders.includes(relative(root, directory).split(sep)[0]),
    describeFile(root, path) {
      const file = codexFile(root, path);
      return file.kind === 'rollout' ? { reading: 'lines', orderingKey: file.orderingKey } : undefined;
    },
  };
}
