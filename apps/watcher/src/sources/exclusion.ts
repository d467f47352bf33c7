import { hash } from 'node:crypto';

/** Says of paths whether their owner wants them never to be read. */
export type Exclusion = (path: string) => boolean;

/** Claude Code and others name a project's folder by its path with every other character turned into `-`. */
const slugLimit = 200;

/** Of no patterns. */
export const nothingExcluded: Exclusion = () => false;

/**
 * Patterns name a path (`/home/me/secret`), a project by its path or its folder's name; `*` stands for any text.
 * A pattern excludes what lies below, too. Project folder names are lossy (`/a/b` and `/a-b` are one name):
 * where it cannot be told, more is excluded rather than less. Gemini CLI names a folder by a hash of its project's path:
 * that a pattern without `*` is found by, for just this folder.
 */
export function createExclusion(patterns: readonly string[]): Exclusion {
  const trimmed = patterns.map((pattern) => pattern.replace(/\/+$/, '')).filter((pattern) => pattern !== '');
  if (trimmed.length === 0) return nothingExcluded;
  const wholePaths = trimmed.map((pattern) => new RegExp(`^${globSource(pattern)}(?:/|$)`, 's'));
  const names = trimmed.flatMap((pattern) => [
    new RegExp(`^${globSource(pattern)}$`, 's'),
    new RegExp(`^${globSource(pattern.replace(/[^A-Za-z0-9*]/g, '-').slice(0, slugLimit))}(?:-|$)`, 's'),
    new RegExp(`^${hash('sha256', pattern)}$`),
  ]);
  return (path) =>
    wholePaths.some((regex) => regex.test(path)) ||
    path.split('/').some((name) => names.some((regex) => regex.test(name)));
}

function globSource(pattern: string): string {
  return pattern
    .split('*')
    .map((text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
}
