import type {
  Delta,
  ServerToClientEvents,
  SessionChanges,
  SessionEvent,
  SessionOutline,
  Stats,
} from '@telltale/contracts';
import { definedOnly } from '@telltale/domain';
import { newMessageFrame, statFrames, statValues } from './stat-frames';

type Words = Omit<ServerToClientEvents, 'delta' | 'alert:raised'>;

/** An event in the words of the earlier systems. `session`: for the session's own room only. */
export type EarlierEvent = {
  [Name in keyof Words]: {
    readonly name: Name;
    readonly payload: Parameters<Words[Name]>[0];
    readonly to: 'both' | 'session';
  };
}[keyof Words];

/**
 * What the earlier systems would have said of this delta. Values are absolute, as in the delta.
 *
 * @param before the figures that were told last, where they are known
 */
export function earlierEvents(delta: Delta, before?: Stats): EarlierEvent[] {
  const { changes } = delta;
  if (!changes || isAlertAlone(changes)) return [];
  const about: SessionEvent = { sessionId: delta.sessionId, timestamp: delta.at };
  if (changes.deleted) return [{ name: 'session:deleted', payload: about, to: 'both' }];
  return [
    outline(about, changes, delta.from === null),
    ...doings(about, changes),
    ...endings(about, changes),
    ...figures(about, changes, before),
    ...messages(about, changes),
  ];
}

/** Alerts have an event of their own, and change nothing of a session. */
function isAlertAlone(changes: SessionChanges): boolean {
  return changes.alerts !== undefined && Object.keys(changes).length === 1;
}

function outline(about: SessionEvent, changes: SessionChanges, isNew: boolean): EarlierEvent {
  const { project, phase, model, startedAt, status, title } = changes;
  const known: Partial<SessionOutline> = definedOnly({
    ...{ projectName: project === null ? null : project?.name, startTime: startedAt },
    ...{ phase, model, status, title },
  });
  if (!isNew) return { name: 'session:update', payload: { ...about, ...known }, to: 'both' };
  const none = { projectName: null, phase: null, model: null, startTime: null, status: null, title: null };
  return { name: 'session:start', payload: { ...about, ...none, ...known }, to: 'both' };
}

function doings(about: SessionEvent, changes: SessionChanges): EarlierEvent[] {
  const { objectives = [], stats, tools = [], screenshots = [] } = changes;
  const to = 'both';
  return [
    ...objectives.map((objective): EarlierEvent => ({
      name: 'session:objective',
      payload: { ...about, objective },
      to,
    })),
    ...(stats ? [tokens(about, stats)] : []),
    ...usedLast(tools).map(({ name, calls }): EarlierEvent => ({
      name: 'session:tool',
      payload: { ...about, tool: name, count: calls },
      to,
    })),
    ...screenshots.map((screenshot): EarlierEvent => ({
      name: 'screenshot:added',
      payload: { ...about, screenshot },
      to,
    })),
  ];
}

function tokens(about: SessionEvent, stats: Stats): EarlierEvent {
  return {
    name: 'session:tokens',
    payload: { ...about, tokens: stats.tokens, cost: stats.costUsd },
    to: 'both',
  };
}

/** A delta names all tools of the session; the earlier systems spoke of the one that was used. */
function usedLast(tools: NonNullable<SessionChanges['tools']>): NonNullable<SessionChanges['tools']> {
  const latest = tools.reduce((last, { lastAt }) => (lastAt !== null && lastAt > last ? lastAt : last), '');
  return tools.filter(({ lastAt }) => (lastAt ?? '') === latest);
}

function endings(about: SessionEvent, { status, errors }: SessionChanges): EarlierEvent[] {
  const latest = errors?.at(-1);
  const to = 'both';
  return [
    ...(status === 'completed' || status === 'failed'
      ? [{ name: 'session:complete', payload: { ...about, status }, to } satisfies EarlierEvent]
      : []),
    ...(latest
      ? [{ name: 'session:error', payload: { ...about, error: latest.message }, to } satisfies EarlierEvent]
      : []),
  ];
}

function figures(about: SessionEvent, { stats }: SessionChanges, before: Stats | undefined): EarlierEvent[] {
  if (!stats) return [];
  const { sessionId, timestamp } = about;
  const told = before && statValues(before);
  return statFrames(told, statValues(stats), { sessionId, at: timestamp, names: 'stat_update' }).map(
    (frame): EarlierEvent => ({ name: 'stat_update', payload: { ...about, ...frame }, to: 'session' }),
  );
}

function messages(about: SessionEvent, { messages: all = [] }: SessionChanges): EarlierEvent[] {
  return all.flatMap((message): EarlierEvent[] => {
    const frame = newMessageFrame(about.sessionId, message, about.timestamp);
    if (!frame) return [];
    const payload = { ...about, ...frame, message: { ...message, ...frame.message } };
    return [{ name: 'new_message', payload, to: 'session' }];
  });
}
