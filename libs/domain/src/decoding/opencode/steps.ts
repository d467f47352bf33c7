import { about, named, onFile, stepLength, unfolded, type Sentence } from '../reading/step-sentences';
import { firstLine } from '../reading/text';
import { asList, asObject, asText, type JsonObject } from '../reading/values';

const sentences: { readonly [tool: string]: Sentence } = {
  read: onFile('Reading'),
  write: onFile('Writing'),
  edit: onFile('Editing'),
  multiedit: onFile('Editing'),
  list: onFile('Listing'),
  apply_patch: (input) => named('Editing', patchedFile(input['patchText'])),
  patch: (input) => named('Editing', patchedFile(input['patchText'])),
  bash: (input) => named('Running', unfolded(input['command'])),
  grep: about('Searching for', 'pattern'),
  glob: about('Searching for', 'pattern'),
  codesearch: about('Searching for', 'query'),
  websearch: about('Searching the web for', 'query'),
  webfetch: about('Fetching', 'url'),
  task: about('Delegating:', 'description'),
  skill: about('Using the skill', 'name'),
  question: (input) => named('Asking:', asObject(asList(input['questions'])[0])?.['question']),
  todowrite: (input) => currentTodo(input) ?? 'Updating the list of tasks',
  todoread: () => 'Looking at the list of tasks',
};

/** What a tool use does, in a few words. */
export function toolStep(name: string, input: JsonObject): string {
  const sentence = Object.hasOwn(sentences, name) ? sentences[name]?.(input, '') : undefined;
  return firstLine(sentence ?? `Using ${name}`, stepLength);
}

function patchedFile(patch: unknown): string | undefined {
  return /^\*\*\* (?:Add|Update|Delete) File: (.+)$/m.exec(asText(patch)?.slice(0, 10_000) ?? '')?.[1];
}

function currentTodo(input: JsonObject): string | undefined {
  const todos = asList(input['todos']).map(asObject);
  return asText(todos.find((todo) => todo?.['status'] === 'in_progress')?.['content']);
}
