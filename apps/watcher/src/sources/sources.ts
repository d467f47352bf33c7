import type { Source } from '@telltale/contracts';
import { claudeCodeFromEnvironment } from './claude-code/environment';
import { codexFromEnvironment } from './codex/environment';
import { geminiFromEnvironment } from './gemini/environment';
import { openCodeFromEnvironment } from './opencode/environment';
import type { Environment, WatchedSource } from './source';
import { uiTestFromEnvironment } from './ui-test/environment';

/** The tools that are watched. A new one gets a line here and a folder of its own. */
const sources: Record<Exclude<Source, 'push'>, (env: Environment) => WatchedSource> = {
  'claude-code': claudeCodeFromEnvironment,
  codex: codexFromEnvironment,
  gemini: geminiFromEnvironment,
  opencode: openCodeFromEnvironment,
  'ui-test': uiTestFromEnvironment,
};

/**
 * Every source with the places its settings name.
 *
 * @throws ConfigurationError naming the variable at fault
 */
export function createSources(env: Environment): WatchedSource[] {
  return Object.values(sources).map((create) => create(env));
}
