import type { Screenshot, Session, SessionChanges, Summary } from '@telltale/contracts';

/**
 * A session after a delta: absolute values replace, what is not named stays. Screenshots are those that were added
 * or changed. Messages are too; they belong to the feed.
 */
export function applyToSession(session: Session, changes: SessionChanges): Session {
  const { messages: _messages, deleted: _deleted, screenshots, ...fields } = changes;
  return {
    ...session,
    ...defined(fields),
    screenshots: mergeScreenshots(session.screenshots, screenshots ?? []),
  };
}

/** By id, in the order in which they were taken: as the snapshot gives them. */
function mergeScreenshots(known: Screenshot[], news: readonly Screenshot[]): Screenshot[] {
  if (news.length === 0) return known;
  const byId = new Map([...known, ...news].map((screenshot) => [screenshot.id, screenshot]));
  return [...byId.values()].sort(
    (a, b) => compare(a.at ?? '', b.at ?? '') || compare(a.filename, b.filename),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

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
  return { ...summary, ...defined(pickSummary(changes)) };
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

/** Without the keys whose value is undefined: they would wipe what is known. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
