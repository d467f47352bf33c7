import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { absolutePath } from '@telltale/platform';

export interface ClaudeEnvironment {
  /** `CLAUDE_CONFIG_DIR`, taken apart. */
  readonly configured: readonly string[];
  readonly xdgConfigHome: string | undefined;
  /** Watched beside the others. */
  readonly extra: readonly string[];
}

/** Claude Code's own order: what is configured, else both default places. Two names of one folder count once. */
export function claudeRoots({ configured, xdgConfigHome, extra }: ClaudeEnvironment): string[] {
  const defaults = [join(xdgConfigHome ?? join(homedir(), '.config'), 'claude'), join(homedir(), '.claude')];
  const paths = [...(configured.length > 0 ? configured : defaults), ...extra].map(absolutePath);
  const seen = new Set<string>();
  return paths.filter((path) => {
    const real = realPath(path);
    return !seen.has(real) && seen.add(real);
  });
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // not there yet
  }
}
