import type { Deed } from '../script';

/** What Claude Code calls its tools, and what it tells them. */
export function toolOf(deed: Deed): { name: string; input: Readonly<Record<string, unknown>> } {
  switch (deed.does) {
    case 'run':
      return { name: 'Bash', input: { command: deed.command } };
    case 'read':
      return { name: 'Read', input: { file_path: deed.file } };
    case 'edit':
      return {
        name: 'Edit',
        input: { file_path: deed.file, old_string: deed.from, new_string: deed.to },
      };
    case 'write':
      return { name: 'Write', input: { file_path: deed.file, content: deed.content } };
    case 'search':
      return { name: 'Grep', input: { pattern: deed.pattern, path: 'src' } };
    case 'plan': {
      const todos = deed.tasks.map(({ text, status }) => ({ content: text, activeForm: text, status }));
      return { name: 'TodoWrite', input: { todos } };
    }
  }
}
