import { homedir } from 'node:os';
import { join } from 'node:path';
import { absolutePath, readEnvironment } from '@telltale/platform';
import { z } from 'zod';
import { demoEnvironment, demoRoots } from '../demo-roots';
import type { Environment, WatchedSource } from '../source';
import { geminiSource } from './gemini-source';

const settings = z.object({ ...demoEnvironment, GEMINI_HOME: z.string().optional() });

/** @throws ConfigurationError naming the variable at fault */
export function geminiFromEnvironment(env: Environment): WatchedSource {
  const values = readEnvironment(settings, env);
  const home = absolutePath(values.GEMINI_HOME ?? join(homedir(), '.gemini'));
  return geminiSource([home, ...demoRoots(values.TELLTALE_DEMO_ROOT, 'gemini')]);
}
