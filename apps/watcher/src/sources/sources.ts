import type { WatcherConfig } from '../config';
import { claudeCodeSource } from './claude-code/claude-code-source';
import { claudeRoots } from './claude-code/roots';
import type { WatchedSource } from './source';

/** The tools that are watched. A new one gets a line here and a folder of its own. */
export function createSources(config: Pick<WatcherConfig, 'claude'>): WatchedSource[] {
  return [claudeCodeSource(claudeRoots(config.claude))];
}
