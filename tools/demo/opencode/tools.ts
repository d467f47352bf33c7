import type { Deed } from '../script';

/** What OpenCode calls its tools, and what it tells them. */
export function toolOf(deed: Deed): { tool: string; input: Readonly<Record<string, unknown>> } {
  switch (deed.does) {
    case 'run':
      return { tool: 'bash', input: { command: deed.command, description: '' } };
    case 'read':
      return { tool: 'read', input: { filePath: deed.file } };
    case 'edit':
      return { tool: 'edit', input: { filePath: deed.file, oldString: deed.from, newString: deed.to } };
    case 'write':
      return { tool: 'write', input: { filePath: deed.file, content: deed.content } };
    case 'search':
      return { tool: 'grep', input: { pattern: deed.pattern } };
    case 'plan':
      return { tool: 'todowrite', input: { todos: todosOf(deed) } };
  }
}

export function todosOf({ tasks }: Extract<Deed, { does: 'plan' }>): readonly object[] {
  return tasks.map(({ text, status }) => ({ content: text, status, priority: 'medium' }));
}
