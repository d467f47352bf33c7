import { stableHash } from '@telltale/contracts';
import type { ObjectiveStatus } from '../../observation';
import { previewOf, storableId } from '../reading/text';
import { asList, asObject, asText, type JsonObject } from '../reading/values';
import type { LineReading } from './line-reading';
import { forget, recall, remember } from '../reading/remembered';

/** An objective is a line, not an essay; a list of them is read by people. */
const objectiveBytes = 500;
const mostTodos = 200;
const mostMarkers = 20;
const marker = /[✓✅]\uFE0F?[\s*_]*(?:Completed|Done|Finished)[\s*_]*:[\s*_]*(\S[^\n]*)/g;

/** What a tool use says of objectives: the whole list (main agent only), a new task, a task's change. */
export function objectivesOfUse(
  reading: LineReading,
  toolUseId: string,
  name: string,
  input: JsonObject,
): void {
  if (name === 'TodoWrite') return tellTodos(reading, input);
  if (name === 'TaskUpdate') return tellTaskUpdate(reading, input);
  const subject = name === 'TaskCreate' ? asText(input['subject']) : undefined;
  if (subject === undefined) return;
  reading.state.set('tasks', remember(reading.state.get('tasks'), toolUseId, objectiveText(subject)));
}

/** A created task is known by the id its result states. */
export function objectivesOfResult(reading: LineReading, toolUseId: string, text: string): void {
  const pending = recall(reading.state.get('tasks'), toolUseId);
  if (pending === undefined) return;
  reading.state.set('tasks', forget(reading.state.get('tasks'), toolUseId));
  const task = asObject(asObject(reading.record['toolUseResult'])?.['task']);
  const id = taskId(task?.['id']) ?? /^Task #(\S{1,50}) created/.exec(text)?.[1];
  if (id === undefined) return;
  const subject = asText(task?.['subject']);
  tellObjective(
    reading,
    `task:${storableId(id)}`,
    subject === undefined ? pending : objectiveText(subject),
    'pending',
  );
}

/** `✅ Completed: …` in what the agent says. The same words again are the same objective. */
export function objectivesOfText(reading: LineReading, text: string): void {
  if (!reading.isMain || !(text.includes('✓') || text.includes('✅'))) return;
  let found = 0;
  for (const match of text.matchAll(marker)) {
    if (++found > mostMarkers) return;
    // Cut before its end is looked for: a search for marks at the end begins anew at each of them.
    const begun = (match[1] ?? '').slice(0, 2 * objectiveBytes);
    const words = objectiveText(begun.replace(/[*_\s]+$/, ''));
    if (words !== '') tellObjective(reading, `marker:${stableHash(words)}`, words, 'completed');
  }
}

function tellTodos(reading: LineReading, input: JsonObject): void {
  if (!reading.isMain || !Array.isArray(input['todos'])) return;
  const todos = asList(input['todos']).slice(0, mostTodos).map(asObject);
  const list = todos.flatMap((todo) => {
    const text = asText(todo?.['content']) ?? asText(todo?.['subject']);
    return text === undefined
      ? []
      : [{ text: objectiveText(text), status: statusOf(todo?.['status']) ?? 'pending' }];
  });
  reading.register('todoList', list);
}

function tellTaskUpdate(reading: LineReading, input: JsonObject): void {
  const id = taskId(input['taskId']);
  if (id === undefined) return;
  const subject = asText(input['subject']);
  const removed = input['status'] === 'deleted';
  const text = subject === undefined ? null : objectiveText(subject);
  const status = statusOf(input['status']) ?? null;
  if (text === null && status === null && !removed) return;
  reading.say({
    type: 'objective',
    id: `task:${storableId(id)}`,
    text,
    status,
    ...(removed ? { removed } : {}),
  });
}

function tellObjective(reading: LineReading, id: string, text: string, status: ObjectiveStatus): void {
  reading.say({ type: 'objective', id, text, status });
}

function taskId(value: unknown): string | undefined {
  return typeof value === 'number' ? String(value) : asText(value);
}

function objectiveText(text: string): string {
  return previewOf(text.trim(), objectiveBytes).preview;
}

function statusOf(value: unknown): ObjectiveStatus | undefined {
  switch (value) {
    case 'pending':
    case 'completed':
      return value;
    case 'in_progress':
      return 'active';
    default:
      return undefined;
  }
}
