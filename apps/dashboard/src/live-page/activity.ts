import type { Delta, Status, Summary } from '@telltale/contracts';
import { counted } from '../figures/format';
import { applyToSummary } from '../live/apply-changes';
import type { FleetNews } from '../live/fleet-store';
import type { FleetState } from '../live/fleet-state';

export interface ActivityEntry {
  readonly key: string;
  readonly at: string;
  readonly sessionId: string;
  /** The project, or what else names the session in a word. */
  readonly who: string;
  readonly status: Status;
  readonly step: string;
  /** Whether it came while the page was open. */
  readonly fresh: boolean;
}

export const keptEntries = 200;

/** What a batch of news says happened, oldest first. Pure. */
export function activityOf({ deltas, before, after }: FleetNews): ActivityEntry[] {
  if (deltas.length === 0) return [];
  const known = new Map(before.sessions);
  return deltas.flatMap((delta) => {
    const was = known.get(delta.sessionId);
    const is =
      was && delta.changes ? applyToSummary(was, delta.changes) : after.sessions.get(delta.sessionId);
    if (!is || delta.changes?.deleted) return [];
    known.set(is.id, is);
    const step = whatHappened(was, is);
    return step === null ? [] : [entry(is, step, delta)];
  });
}

/** The page's first entries: where each of the latest sessions stands. Oldest first. */
export function activityAtFirst(state: FleetState, most: number): ActivityEntry[] {
  return [...state.sessions.values()]
    .filter((session) => session.lastActivityAt !== null)
    .sort((a, b) => ((a.lastActivityAt ?? '') < (b.lastActivityAt ?? '') ? -1 : 1))
    .slice(-most)
    .map((session) => ({
      ...entry(session, standing(session), undefined),
      at: session.lastActivityAt ?? '',
      fresh: false,
    }));
}

function standing(session: Summary): string {
  if (session.status === 'completed' || session.status === 'failed') return statusStep(session);
  return session.status === 'waiting' ? statusStep(session) : (session.currentStep ?? statusStep(session));
}

function whatHappened(was: Summary | undefined, is: Summary): string | null {
  if (!was) return is.currentStep ?? 'started';
  if (was.status !== is.status && is.status !== 'running') return statusStep(is);
  const done = is.stats.objectives.completed - was.stats.objectives.completed;
  if (done > 0)
    return `${is.stats.objectives.completed} of ${counted(is.stats.objectives.total, 'objective')} done`;
  if (is.currentStep !== null && is.currentStep !== was.currentStep) return is.currentStep;
  if (is.stats.errors > was.stats.errors) return 'met an error';
  if (is.stats.prompts > was.stats.prompts) return 'got a prompt';
  return null;
}

function statusStep(session: Summary): string {
  switch (session.status) {
    case 'running':
      return 'is at work';
    case 'waiting':
      return session.waitingFor ? `waits for you: ${session.waitingFor}` : 'waits for you';
    case 'idle':
      return 'went idle';
    case 'completed':
      return 'completed';
    case 'failed':
      return 'failed';
  }
}

function entry(session: Summary, step: string, delta: Delta | undefined): ActivityEntry {
  return {
    key: delta ? `${session.id}@${delta.to}` : `${session.id}@first`,
    at: delta?.at ?? session.lastActivityAt ?? '',
    sessionId: session.id,
    who: session.project?.name ?? session.title ?? session.id,
    status: session.status,
    step,
    fresh: true,
  };
}
