import type { Delta, ServerToClientEvents, SessionChanges } from '@telltale/contracts';

/** An event in the words of the earlier systems. `session`: for the session's own room only. */
export interface EarlierEvent {
  readonly name: keyof ServerToClientEvents;
  readonly payload: {
    readonly sessionId: string;
    readonly timestamp: string;
    readonly [field: string]: unknown;
  };
  readonly to: 'both' | 'session';
}

/** What the earlier systems would have said of this delta. Values are absolute, as in the delta. */
export function earlierEvents(delta: Delta): EarlierEvent[] {
  const { changes } = delta;
  if (!changes) return [];
  const about = { sessionId: delta.sessionId, timestamp: delta.at };
  const both = (name: EarlierEvent['name'], more: object): EarlierEvent => ({
    name,
    payload: { ...about, ...more },
    to: 'both',
  });
  if (changes.deleted) return [both('session:deleted', {})];
  return [
    delta.from === null ? both('session:start', outline(changes)) : both('session:update', outline(changes)),
    ...(changes.objectives ?? []).map((objective) => both('session:objective', { objective })),
    ...(changes.stats
      ? [both('session:tokens', { tokens: changes.stats.tokens, cost: changes.stats.costUsd })]
      : []),
    ...usedLast(changes.tools ?? []).map((tool) =>
      both('session:tool', { tool: tool.name, count: tool.calls }),
    ),
    ...(changes.screenshots ?? []).map((screenshot) => both('screenshot:added', { screenshot })),
    ...endings(changes).map(([name, more]) => both(name, more)),
    ...(changes.stats ? [toSession('stat_update', { ...about, stats: changes.stats })] : []),
    ...(changes.messages ?? []).map((message) => toSession('new_message', { ...about, message })),
  ];
}

function toSession(name: EarlierEvent['name'], payload: EarlierEvent['payload']): EarlierEvent {
  return { name, payload, to: 'session' };
}

/** The fields the earlier dashboards showed in a session's line; only those that changed. */
function outline(changes: SessionChanges): object {
  const { project, phase, model, startedAt, status, title } = changes;
  const fields = { projectName: project?.name, phase, model, startTime: startedAt, status, title };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** A delta names all tools of the session; the earlier systems spoke of the one that was used. */
function usedLast(tools: NonNullable<SessionChanges['tools']>): NonNullable<SessionChanges['tools']> {
  const latest = tools.reduce((last, { lastAt }) => (lastAt !== null && lastAt > last ? lastAt : last), '');
  return tools.filter(({ lastAt }) => (lastAt ?? '') === latest);
}

function endings({ status, errors }: SessionChanges): [EarlierEvent['name'], object][] {
  const ended = status === 'completed' || status === 'failed';
  const latest = errors?.at(-1);
  return [
    ...(ended ? [['session:complete', { status }] satisfies [EarlierEvent['name'], object]] : []),
    ...(latest
      ? [['session:error', { error: latest.message }] satisfies [EarlierEvent['name'], object]]
      : []),
  ];
}
