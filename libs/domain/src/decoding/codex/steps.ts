import { about, named, onFile, stepLength, unfolded, type Sentence } from '../reading/step-sentences';
import { firstLine, shortened, storable } from '../reading/text';
import { asList, asObject, asText, type JsonObject } from '../reading/values';

const running: Sentence = (input) => named('Running', unfolded(commandOf(input)));

const sentences: { readonly [tool: string]: Sentence } = {
  exec_command: running,
  shell: running,
  shell_command: running,
  local_shell: running,
  'container.exec': running,
  write_stdin: () => 'Watching a background command',
  apply_patch: (input, cwd) => patched(asText(input['input']) ?? asText(input['patch']) ?? '', cwd),
  view_image: onFile('Looking at'),
  read_file: onFile('Reading'),
  list_dir: onFile('Listing'),
  grep_files: about('Searching for', 'pattern'),
  web_search: (input) => searched(input),
  update_plan: (input) => plannedStep(input) ?? 'Updating the plan',
  request_user_input: (input) => named('Asking:', asObject(asList(input['questions'])[0])?.['question']),
  spawn_agent: (input) => named('Delegating:', input['task_name'] ?? input['message']),
  wait_agent: () => 'Waiting for agents',
  wait: () => 'Waiting for agents',
  image_generation: () => 'Drawing a picture',
};

/** What a tool call does, in a few words: `Editing src/cart/reserve.ts`, `Running npm test`. */
export function toolStep(name: string, input: JsonObject, cwd: string): string {
  const sentence = Object.hasOwn(sentences, name) ? sentences[name]?.(input, cwd) : undefined;
  return firstLine(sentence ?? `Using ${readableName(name, input)}`, stepLength);
}

/** The first line of what the agent says; '' where it says nothing. */
export function textStep(text: string): string {
  return firstLine(text, stepLength);
}

/** The command as one would type it: without the shell that Codex starts it in. */
function commandOf(input: JsonObject): string {
  const command = input['cmd'] ?? input['command'];
  if (typeof command === 'string') return command;
  const words = asList(command).filter((word) => typeof word === 'string');
  const [shell, flag, script] = words;
  const isShell = /(?:^|\/)(?:ba|z|da)?sh$/.test(shell ?? '') && /^-l?c$/.test(flag ?? '');
  return isShell && words.length === 3 ? (script ?? '') : words.slice(0, 40).join(' ');
}

function patched(patch: string, cwd: string): string | undefined {
  const file = /^\*\*\* (Add|Update|Delete) File: (.+)$/m.exec(patch.slice(0, 20_000));
  const verb = { Add: 'Writing', Update: 'Editing', Delete: 'Deleting' }[file?.[1] ?? ''];
  return verb === undefined ? undefined : onFile(verb)({ path: file?.[2]?.trim() }, cwd);
}

function searched(action: JsonObject): string | undefined {
  const query = asText(action['query']) ?? asText(asList(action['queries'])[0]);
  return query === undefined ? named('Reading', action['url']) : named('Searching the web for', query);
}

function plannedStep(input: JsonObject): string | undefined {
  const steps = asList(input['plan']).map(asObject);
  return asText(steps.find((step) => step?.['status'] === 'in_progress')?.['step']);
}

/** `js` of the name space `mcp__browser` as `js (browser)`. */
function readableName(name: string, input: JsonObject): string {
  const namespace = asText(input['namespace']);
  const server = namespace?.startsWith('mcp__') === true ? namespace.slice('mcp__'.length) : undefined;
  return storable(shortened(server ? `${name} (${server})` : name, stepLength));
}
