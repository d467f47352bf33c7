import type { Objective } from '@telltale/contracts';
import { stableHash } from '@telltale/contracts';
import type { SessionState, TaskState } from './session-state';

/** The current todo list, then tasks and completion markers, each with the time it was first seen and reached. */
export function objectivesOf(state: SessionState): Objective[] {
  return [...todoObjectives(state), ...taskObjectives(state)];
}

function todoObjectives(state: SessionState): Objective[] {
  const list = state.registers.todoList?.value ?? [];
  return list.map(({ text, status }, index) => {
    const times = Object.hasOwn(state.todos, text) ? state.todos[text] : undefined;
    return {
      id: `todo-${index}-${stableHash(text).slice(0, 8)}`,
      text,
      status,
      at: iso(times?.first ?? 0),
      completedAt: status === 'completed' ? iso(times?.completed ?? 0) : null,
    };
  });
}

function taskObjectives(state: SessionState): Objective[] {
  return Object.entries(state.tasks)
    .filter(
      (entry): entry is [string, TaskState & { text: NonNullable<TaskState['text']> }] =>
        entry[1].text !== null && entry[1].removed === null,
    )
    .sort(([idA, a], [idB, b]) => a.first - b.first || idA.localeCompare(idB, 'en', { numeric: true }))
    .map(([id, task]) => {
      const status = task.status?.value ?? 'pending';
      return {
        id,
        text: task.text.value,
        status,
        at: iso(task.first),
        completedAt: status === 'completed' ? iso(task.completed ?? 0) : null,
      };
    });
}

function iso(at: number): string | null {
  return at > 0 ? new Date(at).toISOString() : null;
}
