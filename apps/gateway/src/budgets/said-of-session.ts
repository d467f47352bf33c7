import type { Delta, SessionChanges } from '@telltale/contracts';
import { picoOfUsd, type KnownSession, type SaidOfSession } from '@telltale/domain';

/**
 * What a delta of the fleet says of its session's money. Undefined: nothing. `'ask'`: it changed, and only the
 * database knows how. Deltas are not checked in full before: what is not as it should be is asked for.
 */
export function saidOfSession({ sessionId, changes, refetch }: Delta): SaidOfSession | 'ask' | undefined {
  if (sessionId === '') return undefined;
  if (refetch || !changes) return 'ask';
  const revision = /\.(\d{1,19})$/.exec(changes.revision ?? '')?.[1];
  try {
    const fields = fieldsOf(changes);
    if (Object.keys(fields).length === 0) return undefined;
    return revision === undefined ? 'ask' : { sessionId, revision: BigInt(revision), ...fields };
  } catch {
    return 'ask'; // a cost that is no number
  }
}

function fieldsOf({
  stats,
  project,
  lastActivityAt,
}: SessionChanges): Partial<Omit<KnownSession, 'revision'>> {
  return {
    ...(stats === undefined ? {} : { costPico: picoOfUsd(stats.costUsd ?? 0) }),
    ...(project === undefined ? {} : { projectPath: project?.path ?? null }),
    ...(lastActivityAt === undefined ? {} : { lastActivityAt: timeOf(lastActivityAt) }),
  };
}

function timeOf(at: string | null): number {
  const time = at === null ? NaN : Date.parse(at);
  return Number.isNaN(time) ? -Infinity : time;
}
