import { homedir } from 'node:os';
import { join } from 'node:path';
import { absolutePath, readEnvironment } from '@telltale/platform';
import { z } from 'zod';
import { demoEnvironment, demoRoots } from '../demo-roots';
import type { Environment, WatchedSource } from '../source';
import { codexSource } from './codex-source';

const settings = z.object({ ...demoEnvironment, CODEX_HOME: z.string().optional() });

/** @throws ConfigurationError naming the variable at fault */
export function codexFromEnvironment(env: Environment): WatchedSource {
  const values = readEnvironment(settings, env);
  const home = absolutePath(values.CODEX_HOME ?? join(homedir(), '.codex'));
  return codexSource([home, ...demoRoots(values.TELLTALE_DEMO_ROOT, 'codex')]);
}
