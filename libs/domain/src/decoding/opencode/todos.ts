import type { ObjectiveStatus } from '../../observation';
import { previewOf } from '../reading/text';
import { asList, asObject, asText } from '../reading/values';
import type { ElementReading } from './element-reading';

/** An objective is a line, not an essay; a list of them is read by people. */
const objectiveBytes = 500;
const mostTodos = 200;

type Todo = { readonly text: string; readonly status: ObjectiveStatus };

/** The whole list as a tool was told to write it. */
export function tellTodos(reading: ElementReading, todos: unknown, at: number): void {
  if (Array.isArray(todos)) reading.register('todoList', todoList(todos), at);
}

/** A session's list as it is stored: of a document nobody knows when it was written. */
export function readTodos(reading: ElementReading): void {
  const { list, updatedAt } = reading.element;
  if (updatedAt === undefined) reading.registerBySequence('todoList', todoList(list));
  else reading.register('todoList', todoList(list), updatedAt);
  reading.tellRegisters(updatedAt ?? 0);
}

function todoList(todos: readonly unknown[]): Todo[] {
  return asList(todos)
    .slice(0, mostTodos)
    .map(asObject)
    .flatMap((todo) => {
      const text = previewOf((asText(todo?.['content']) ?? '').trim(), objectiveBytes).preview;
      const status = statusOf(todo?.['status']);
      return text === '' || status === undefined ? [] : [{ text, status }];
    });
}

/** A cancelled one is none any more. */
function statusOf(status: unknown): ObjectiveStatus | undefined {
  switch (status) {
    case 'completed':
      return 'completed';
    case 'in_progress':
      return 'active';
    case 'cancelled':
      return undefined;
    default:
      return 'pending';
  }
}
