import type { ObservationOf, Observation, SessionRegisters, Stamped } from '../observation';
import { emptyAgent, type AgentState, type SessionState, type TaskState } from './session-state';

type Said = Partial<SessionState>;

/**
 * What an observation says of its session, beside being an item or a row of usage; undefined where it says nothing.
 *
 * @param latest epoch ms: no stamp may be later
 */
export function saidOf(seen: Observation, latest: number): Said | undefined {
  const { at } = seen;
  const stamp = { at, offset: seen.place.offset };
  switch (seen.type) {
    case 'activity':
      return { startedAt: at, lastActivityAt: at };
    case 'registers':
      return saidByRegisters(seen, latest);
    case 'objective':
      return { tasks: { [seen.id]: taskOf(seen) } };
    case 'agent':
      return seen.agentId === null ? undefined : { agents: { [seen.agentId]: agentOf(seen) } };
    case 'process': {
      const { state, waitingFor } = seen;
      return { processes: { [seen.process]: { value: { state, waitingFor }, ...stamp } } };
    }
    case 'screenshot':
      return { screenshots: { [seen.picture.filename]: { value: seen.picture, ...stamp } } };
    default:
      return noted(seen);
  }
}

function noted(seen: Observation): Said | undefined {
  const { at } = seen;
  switch (seen.type) {
    case 'link':
      return { links: { [seen.url]: { kind: seen.kind, label: seen.label, at } } };
    case 'error':
      return { errorNotes: [{ key: seen.key, at, kind: seen.kind, message: seen.message }] };
    case 'tool-use':
      return { toolTimes: { [seen.name]: at } };
    default:
      return undefined; // shown in the feed, or counted, and nowhere else
  }
}

function saidByRegisters(seen: ObservationOf<'registers'>, latest: number): Said {
  const list = seen.registers.todoList?.value ?? [];
  const todos = Object.fromEntries(
    list.map(({ text, status }) => [
      text,
      // A list without a time says that something is done, but not when.
      { first: seen.at, completed: status === 'completed' && seen.at > 0 ? seen.at : null },
    ]),
  );
  return { registers: clampedStamps(seen.registers, latest), todos };
}

/** A clock that runs ahead must not win for ever. */
function clampedStamps(registers: SessionRegisters, latest: number): SessionRegisters {
  const entries = Object.entries<Stamped<unknown> | undefined>({ ...registers });
  if (entries.every(([, stamped]) => stamped === undefined || stamped.at <= latest)) return registers;
  return Object.fromEntries(
    entries.map(([name, stamped]) => [name, stamped && { ...stamped, at: Math.min(stamped.at, latest) }]),
  );
}

function agentOf(seen: ObservationOf<'agent'>): AgentState {
  const stamp = <T>(value: T | null): Stamped<T> | null =>
    value === null ? null : { value, at: seen.at, offset: seen.place.offset };
  return {
    ...agentActive(seen.at),
    parentId: stamp(seen.parentAgentId),
    type: stamp(seen.agentType),
    description: stamp(seen.description),
    model: stamp(seen.model),
    ended: stamp(seen.status),
  };
}

/** An agent that did something then, and nothing else is known of it. @param at epoch ms */
export function agentActive(at: number): AgentState {
  return { ...emptyAgent, startedAt: at, lastActivityAt: at };
}

function taskOf(seen: ObservationOf<'objective'>): TaskState {
  const stamp = { at: seen.at, offset: seen.place.offset };
  return {
    text: seen.text === null ? null : { value: seen.text, ...stamp },
    status: seen.status === null ? null : { value: seen.status, ...stamp },
    first: seen.at,
    completed: seen.status === 'completed' ? seen.at : null,
    removed: seen.removed === true ? { value: true, ...stamp } : null,
  };
}
