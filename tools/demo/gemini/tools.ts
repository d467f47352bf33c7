import type { Deed } from '../script';

/** What Gemini CLI calls its tools, and what it tells them. */
export function toolOf(deed: Deed): { name: string; args: Readonly<Record<string, unknown>> } {
  switch (deed.does) {
    case 'run':
      return { name: 'run_shell_command', args: { command: deed.command } };
    case 'read':
      return { name: 'read_file', args: { file_path: deed.file } };
    case 'edit':
      return {
        name: 'replace',
        args: { file_path: deed.file, old_string: deed.from, new_string: deed.to },
      };
    case 'write':
      return { name: 'write_file', args: { file_path: deed.file, content: deed.content } };
    case 'search':
      return { name: 'search_file_content', args: { pattern: deed.pattern } };
    case 'plan': {
      const todos = deed.tasks.map(({ text, status }) => ({ description: text, status }));
      return { name: 'write_todos', args: { todos } };
    }
  }
}
