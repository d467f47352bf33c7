import { commaList, readEnvironment } from '@telltale/platform';
import { z } from 'zod';
import { demoEnvironment, demoRoots } from '../demo-roots';
import type { Environment, WatchedSource } from '../source';
import { claudeCodeSource } from './claude-code-source';
import { claudeRoots } from './roots';

const settings = z.object({
  ...demoEnvironment,
  CLAUDE_CONFIG_DIR: commaList,
  XDG_CONFIG_HOME: z.string().optional(),
});

/** @throws ConfigurationError naming the variable at fault */
export function claudeCodeFromEnvironment(env: Environment): WatchedSource {
  const values = readEnvironment(settings, env);
  return claudeCodeSource(
    claudeRoots({
      configured: values.CLAUDE_CONFIG_DIR,
      xdgConfigHome: values.XDG_CONFIG_HOME,
      extra: demoRoots(values.TELLTALE_DEMO_ROOT, 'claude-code'),
    }),
  );
}
