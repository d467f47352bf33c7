import type { ObjectiveStatus } from '../../observation';
import { previewOf } from '../reading/text';
import { asList, asObject, asText, type JsonObject } from '../reading/values';
import type { LineReading } from './line-reading';

/** An objective is a line, not an essay; a list of them is read by people. */
const objectiveBytes = 500;
const mostSteps = 200;

/** `update_plan` states the whole plan each time. */
export function planOfCall(reading: LineReading, name: string, input: JsonObject): void {
  if (name !== 'update_plan' || !Array.isArray(input['plan'])) return;
  const steps = asList(input['plan']).slice(0, mostSteps).map(asObject);
  const list = steps.flatMap((step) => {
    const text = asText(step?.['step']);
    return text === undefined ? [] : [{ text: lineOf(text), status: statusOf(step?.['status']) }];
  });
  reading.register('todoList', list);
}

/** What the session is to reach, as set by its user. */
export function readGoal(reading: LineReading): void {
  const goal = asObject(reading.payload['goal']);
  const objective = asText(goal?.['objective']);
  if (objective === undefined) return;
  reading.say({ type: 'objective', id: 'goal', text: lineOf(objective), status: statusOf(goal?.['status']) });
}

function lineOf(text: string): string {
  return previewOf(text.trim(), objectiveBytes).preview;
}

function statusOf(value: unknown): ObjectiveStatus {
  switch (value) {
    case 'in_progress':
    case 'active':
      return 'active';
    case 'completed':
    case 'complete':
      return 'completed';
    default:
      return 'pending';
  }
}
