import type { Status } from '@telltale/contracts';
import type { AgentState, SessionState } from './session-state';

export const runningForMs = 5 * 60_000;
export const idleUntilMs = 24 * 60 * 60_000;

export interface StatusNow {
  readonly status: Status;
  /** Epoch ms at which time alone changes what is shown; null: never. */
  readonly until: number | null;
}

/** Without a live registry: running for 5 minutes after the last activity, idle until 24 h, then completed. */
export function statusOf(state: SessionState, now: number): StatusNow {
  const runningUntil = state.lastActivityAt + runningForMs;
  if (now < runningUntil) return { status: 'running', until: runningUntil };
  const idleUntil = state.lastActivityAt + idleUntilMs;
  if (now < idleUntil) return { status: 'idle', until: idleUntil };
  return { status: 'completed', until: null };
}

/** An agent says by its result when it is done; until then it runs as long as its session does something. */
export function agentStatus(agent: AgentState, session: StatusNow, now: number): StatusNow {
  if (agent.ended !== null && agent.ended.value !== 'running')
    return { status: agent.ended.value, until: null };
  const runningUntil = agent.lastActivityAt + runningForMs;
  if (session.status === 'running' && now < runningUntil) return { status: 'running', until: runningUntil };
  return { status: 'completed', until: null };
}
