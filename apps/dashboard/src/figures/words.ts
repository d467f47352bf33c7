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

/** `mcp__playwright__browser_click` reads `browser_click`; the title has the whole name. */
export function toolName(name: string): string {
  return /^mcp__.+?__(.+)$/.exec(name)?.[1] ?? name;
}

/** `anthropic/claude-opus-4-8` reads `opus-4-8` where space is short. */
export function shortModel(model: string): string {
  return model
    .replace(/^.*\//, '')
    .replace(/^claude-/, '')
    .replace(/-\d{8}$/, '');
}

/** A command's options stay whole where a line ends: no break behind a hyphen. */
export function unbroken(text: string): string {
  return text.replace(/-(?=\S)/g, '-\u2060');
}
