import { about, named, onFile, stepLength, unfolded, type Sentence } from '../reading/step-sentences';
import { firstLine, shortened } from '../reading/text';
import { asList, asObject, asText, type JsonObject } from '../reading/values';

const sentences: { readonly [tool: string]: Sentence } = {
  Edit: onFile('Editing'),
  MultiEdit: onFile('Editing'),
  NotebookEdit: onFile('Editing'),
  Write: onFile('Writing'),
  Read: onFile('Reading'),
  NotebookRead: onFile('Reading'),
  LS: onFile('Listing'),
  Bash: (input) => named('Running', unfolded(input['command'])),
  BashOutput: () => 'Watching a background command',
  Grep: about('Searching for', 'pattern'),
  Glob: about('Searching for', 'pattern'),
  WebSearch: about('Searching the web for', 'query'),
  WebFetch: about('Fetching', 'url'),
  Task: about('Delegating:', 'description'),
  Agent: about('Delegating:', 'description'),
  TaskCreate: about('Planning:', 'subject'),
  Skill: (input) => named('Using the skill', input['skill'] ?? input['command']),
  AskUserQuestion: (input) =>
    named('Asking:', asObject(asList(input['questions'])[0])?.['question'] ?? input['question']),
  EnterPlanMode: () => 'Planning',
  ExitPlanMode: () => 'Presenting the plan',
  TodoWrite: (input) => currentTodo(input) ?? 'Updating the list of tasks',
  TaskUpdate: (input) => asText(input['activeForm']) ?? 'Updating the list of tasks',
};

/** What a tool use does, in a few words: `Editing src/cart/reserve.ts`, `Running npm test`. */
export function toolStep(name: string, input: JsonObject, cwd: string): string {
  const sentence = Object.hasOwn(sentences, name) ? sentences[name]?.(input, cwd) : undefined;
  return firstLine(sentence ?? `Using ${readableName(name)}`, stepLength);
}

function currentTodo(input: JsonObject): string | undefined {
  const todos = asList(input['todos']).map(asObject);
  const current = todos.find((todo) => todo?.['status'] === 'in_progress');
  return asText(current?.['activeForm']) ?? asText(current?.['content']);
}

/** `mcp__server__tool` as `tool (server)`. */
function readableName(name: string): string {
  const [prefix, server, ...tool] = name.split('__');
  return prefix === 'mcp' && server && tool.length > 0
    ? shortened(`${tool.join('__')} (${server})`, stepLength)
    : name;
}
