import type { Source } from '@telltale/contracts';
import { claudeTranscript } from '@telltale/domain';

/** `main` or the agent whose transcript a file is; what a source's paths tell. */
export function roleOf(source: Source, root: string, path: string): string {
  if (source !== 'claude-code') return 'main';
  const transcript = claudeTranscript(root, path);
  return transcript.kind === 'agent' ? transcript.agentId : transcript.kind;
}
