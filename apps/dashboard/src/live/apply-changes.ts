import type { Session, SessionChanges, Summary } from '@telltale/contracts';
import { definedOnly } from '@telltale/domain/live';

export { applyToSession } from '@telltale/domain/live';

const summaryFields = [
  'id',
  'source',
  'nativeId',
  'host',
  'user',
  'project',
  'branch',
  'phase',
  'title',
  'model',
  'models',
  'status',
  'waitingFor',
  'startedAt',
  'lastActivityAt',
  'endedAt',
  'parentId',
  'archived',
  'revision',
  'currentStep',
  'activity',
  'stats',
] as const satisfies readonly (keyof Summary)[];

/** A summary after a delta. Fields only the session page needs are not kept. */
export function applyToSummary(summary: Summary, changes: SessionChanges): Summary {
  return { ...summary, ...definedOnly(pickSummary(changes)) };
}

/** The delta of a new session carries all of its summary; undefined where it carries only a part. */
export function wholeSummary(changes: SessionChanges): Summary | undefined {
  const picked = pickSummary(changes);
  return isWhole(picked) ? picked : undefined;
}

export function summaryOf(session: Session): Summary {
  const picked = pickSummary(session);
  return isWhole(picked) ? picked : session;
}

function pickSummary(changes: SessionChanges): Partial<Summary> {
  const entries = summaryFields
    .filter((field) => changes[field] !== undefined)
    .map((field) => [field, changes[field]]);
  return Object.fromEntries(entries) as Partial<Summary>;
}

function isWhole(picked: Partial<Summary>): picked is Summary {
  return summaryFields.every((field) => field === 'waitingFor' || picked[field] !== undefined);
}
