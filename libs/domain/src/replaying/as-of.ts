import type { SessionRegisters, Stamped } from '../observation';
import { emptyAgent, type AgentState, type SessionState, type TaskState } from '../projecting/session-state';

/**
 * What of a session's state was said by `at` and still stands: values whose last stamp is not later. Nothing of what
 * was said before those, which the state does not hold any more; and no sums. A stamp that is no real time (0, or one
 * that was made small so that others count more) says nothing of when: such a value is known to stand at the end only.
 */
export function asOf(state: SessionState, at: number): SessionState {
  const startedAt = state.startedAt > at ? 0 : state.startedAt;
  const isBy = (one: { readonly at: number }): boolean =>
    one.at >= firstRealTime ? one.at <= at : at >= state.lastActivityAt;
  return {
    ...state,
    startedAt,
    lastActivityAt: state.lastActivityAt > at ? startedAt : state.lastActivityAt,
    registers: kept(state.registers, (one: Stamped<unknown> | undefined) => one !== undefined && isBy(one)),
    tasks: mapped(state.tasks, (task) => taskAsOf(task, { at, isBy })),
    todos: mapped(state.todos, (times) => timesAsOf(times, at)),
    agents: mapped(state.agents, (agent) => agentAsOf(agent, { at, isBy })),
    links: kept(state.links, isBy),
    errorNotes: state.errorNotes.filter(isBy),
    toolTimes: kept(state.toolTimes, (time) => time <= at),
    processes: kept(state.processes, isBy),
    screenshots: kept(state.screenshots, isBy),
    ...noSums,
  };
}

/** Epoch ms; smaller stamps are made up. */
const firstRealTime = 1;

interface Moment {
  readonly at: number;
  /** Whether what bears this stamp was said by then. */
  readonly isBy: (stamped: { readonly at: number }) => boolean;
}

const noSums = { prompts: 0, toolErrors: 0, errors: 0, models: {}, tools: {}, activity: {} };

interface Times {
  readonly first: number;
  readonly completed: number | null;
}

function timesAsOf<T extends Times>(times: T, at: number): T | undefined {
  if (times.first > at) return undefined;
  return times.completed !== null && times.completed > at ? { ...times, completed: null } : times;
}

function taskAsOf(task: TaskState, { at, isBy }: Moment): TaskState | undefined {
  const { text, status, removed } = task;
  return timesAsOf(
    {
      ...task,
      text: stampAsOf(text, isBy),
      status: stampAsOf(status, isBy),
      removed: stampAsOf(removed, isBy),
    },
    at,
  );
}

function agentAsOf(agent: AgentState, { at, isBy }: Moment): AgentState | undefined {
  if (agent.startedAt > at) return undefined;
  return {
    parentId: stampAsOf(agent.parentId, isBy),
    type: stampAsOf(agent.type, isBy),
    description: stampAsOf(agent.description, isBy),
    model: stampAsOf(agent.model, isBy),
    ended: stampAsOf(agent.ended, isBy),
    startedAt: agent.startedAt,
    lastActivityAt: agent.lastActivityAt > at ? agent.startedAt : agent.lastActivityAt,
    toolCalls: emptyAgent.toolCalls,
    usage: emptyAgent.usage,
  };
}

function stampAsOf<T>(stamped: Stamped<T> | null, isBy: Moment['isBy']): Stamped<T> | null {
  return stamped !== null && isBy(stamped) ? stamped : null;
}

function kept<M extends SessionRegisters | Readonly<Record<string, unknown>>>(
  map: M,
  isKept: (value: M[keyof M]) => boolean,
): M {
  const entries = Object.entries(map) as [string, M[keyof M]][];
  return Object.fromEntries(entries.filter(([, value]) => isKept(value))) as M;
}

function mapped<T>(map: Readonly<Record<string, T>>, change: (value: T) => T | undefined): Record<string, T> {
  return Object.fromEntries(
    Object.entries(map).flatMap(([name, value]) => {
      const changed = change(value);
      return changed === undefined ? [] : [[name, changed] as const];
    }),
  );
}
