import type { Source, Status } from '@telltale/contracts';

/** Colour never stands alone: every state is also said in words. */
export const statusWords: Record<Status, string> = {
  running: 'Running',
  waiting: 'Waiting for you',
  idle: 'Idle',
  completed: 'Completed',
  failed: 'Failed',
};

export const sourceWords: Record<Source, string> = {
  'claude-code': 'Claude Code',
  codex: 'Codex',
  opencode: 'OpenCode',
  gemini: 'Gemini CLI',
  'ui-test': 'UI test',
  push: 'Pushed',
};

export function isActive(status: Status): boolean {
  return status === 'running' || status === 'waiting';
}

/** `claude-opus-4-8` reads `opus-4-8` where space is short. */
export function shortModel(model: string): string {
  return model.replace(/^claude-/, '').replace(/-\d{8}$/, '');
}
