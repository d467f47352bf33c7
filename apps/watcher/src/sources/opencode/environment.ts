import { homedir } from 'node:os';
import { join } from 'node:path';
import { absolutePath, commaList, readEnvironment } from '@telltale/platform';
import { z } from 'zod';
import { demoEnvironment, demoRoots } from '../demo-roots';
import type { Environment, WatchedSource } from '../source';
import { openCodeSource } from './opencode-source';

const settings = z.object({
  ...demoEnvironment,
  OPENCODE_DATA_DIR: commaList,
  XDG_DATA_HOME: z.string().optional(),
});

/** @throws ConfigurationError naming the variable at fault */
export function openCodeFromEnvironment(env: Environment): WatchedSource {
  const values = readEnvironment(settings, env);
  const standard = join(values.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'opencode');
  const configured = values.OPENCODE_DATA_DIR.length > 0 ? values.OPENCODE_DATA_DIR : [standard];
  const roots = [...new Set(configured.map(absolutePath))];
  return openCodeSource([...roots, ...demoRoots(values.TELLTALE_DEMO_ROOT, 'opencode')]);
}
