import type { Status } from '@telltale/contracts';
import { decoderOf } from '../decoding/decoders';
import type { Outcome } from '../observation';
import type { AgentState, SessionState } from './session-state';

export const runningForMs = 5 * 60_000;
export const idleUntilMs = 24 * 60 * 60_000;

export interface StatusNow {
  readonly status: Status;
  /** Epoch ms at which time alone changes what is shown; null: never. */
  readonly until: number | null;
  /** What a waiting session waits for, where the tool says it. */
  readonly waitingFor?: string | null;
}

/** What the tool says decides: first how it ended, then its live registry; time alone where it says neither. */
export function statusOf(state: SessionState, now: number): StatusNow {
  return statusByOutcome(state) ?? statusByProcesses(state) ?? statusByTime(state, now);
}

/** An end holds until there is activity after it, and for good where the tool's own ends do. */
function statusByOutcome(state: SessionState): StatusNow | undefined {
  const { source, registers, lastActivityAt } = state;
  const { outcome } = registers;
  if (outcome === undefined) return undefined;
  if (decoderOf(source)?.outcomeHolds) return { status: resultOf(state, outcome.value), until: null };
  if (outcome.value === 'running') return { status: 'running', until: null };
  return lastActivityAt > outcome.at ? undefined : { status: outcome.value, until: null };
}

/** It will not go on once its files are gone. */
function resultOf({ files }: SessionState, outcome: Outcome): Status {
  const all = Object.values(files);
  const isGone = all.length > 0 && all.every((file) => file.removed);
  return outcome === 'running' && isGone ? 'failed' : outcome;
}

const processOrder = ['running', 'waiting', 'idle'] as const;

/** A process may write its last records while it goes. */
const farewellMs = 1000;

function statusByProcesses({ processes, lastActivityAt }: SessionState): StatusNow | undefined {
  const known = Object.entries(processes)
    .sort(([nameA, a], [nameB, b]) => b.at - a.at || (nameA < nameB ? -1 : 1))
    .map(([, process]) => process);
  if (known.length === 0) return undefined;
  for (const status of processOrder) {
    const found = known.find(({ value }) => value.state === status);
    if (found) return { status, until: null, waitingFor: found.value.waitingFor };
  }
  // All are gone. What was written since then came from a process that no registry tells of.
  const gone = Math.max(...known.map(({ at }) => at));
  return lastActivityAt > gone + farewellMs ? undefined : { status: 'completed', until: null };
}

/** Running for 5 minutes after the last activity, idle until 24 h, then completed. */
function statusByTime({ lastActivityAt }: SessionState, now: number): StatusNow {
  const runningUntil = lastActivityAt + runningForMs;
  if (now < runningUntil) return { status: 'running', until: runningUntil };
  const idleUntil = lastActivityAt + idleUntilMs;
  if (now < idleUntil) return { status: 'idle', until: idleUntil };
  return { status: 'completed', until: null };
}

/** An agent says by its result when it is done; until then it runs as long as its session does something. */
export function agentStatus(agent: AgentState, session: StatusNow, now: number): StatusNow {
  if (agent.ended !== null && agent.ended.value !== 'running')
    return { status: agent.ended.value, until: null };
  const isActive = session.status === 'running' || session.status === 'waiting';
  const runningUntil = agent.lastActivityAt + runningForMs;
  if (isActive && now < runningUntil) return { status: 'running', until: runningUntil };
  return { status: 'completed', until: null };
}
