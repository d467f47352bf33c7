import type { Deed } from '../script';

export type CodexCall =
  | { readonly type: 'function_call'; readonly name: string; readonly arguments: string }
  | { readonly type: 'custom_tool_call'; readonly name: string; readonly input: string };

/** Codex has few tools: what others have a tool for it does in a shell, but for patches and plans. */
export function callOf(deed: Deed, workdir: string): CodexCall {
  const run = (cmd: string) => call('exec_command', { cmd, workdir });
  switch (deed.does) {
    case 'run':
      return run(deed.command);
    case 'read':
      return run(`sed -n '1,200p' ${deed.file}`);
    case 'search':
      return run(`rg -n '${deed.pattern}' src`);
    case 'edit':
      return patch(`Update File: ${deed.file}\n@@\n${signed('-', deed.from)}${signed('+', deed.to)}`);
    case 'write':
      return patch(`Add File: ${deed.file}\n${signed('+', deed.content)}`);
    case 'plan':
      return call('update_plan', { plan: deed.tasks.map(({ text, status }) => ({ step: text, status })) });
  }
}

export function call(name: string, input: Readonly<Record<string, unknown>>): CodexCall {
  return { type: 'function_call', name, arguments: JSON.stringify(input) };
}

function patch(change: string): CodexCall {
  return {
    type: 'custom_tool_call',
    name: 'apply_patch',
    input: `*** Begin Patch\n*** ${change}*** End Patch\n`,
  };
}

function signed(sign: string, text: string): string {
  return text
    .split('\n')
    .map((line) => `${sign}${line}\n`)
    .join('');
}
