import { about, named, onFile, stepLength, unfolded, type Sentence } from '../reading/step-sentences';
import { firstLine } from '../reading/text';
import type { JsonObject } from '../reading/values';

const sentences: { readonly [tool: string]: Sentence } = {
  run_shell_command: (input) => named('Running', unfolded(input['command'])),
  read_file: onFile('Reading'),
  read_many_files: () => 'Reading several files',
  write_file: onFile('Writing'),
  replace: onFile('Editing'),
  list_directory: onFile('Listing'),
  glob: about('Searching for', 'pattern'),
  search_file_content: about('Searching for', 'pattern'),
  grep_search: about('Searching for', 'pattern'),
  google_web_search: about('Searching the web for', 'query'),
  web_fetch: about('Fetching', 'prompt'),
  save_memory: () => 'Remembering',
  write_todos: () => 'Updating the list of tasks',
};

/** What a tool call does, in a few words. */
export function toolStep(name: string, args: JsonObject): string {
  const sentence = Object.hasOwn(sentences, name) ? sentences[name]?.(args, '') : undefined;
  return firstLine(sentence ?? `Using ${name}`, stepLength);
}
