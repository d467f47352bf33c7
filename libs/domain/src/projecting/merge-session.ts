import {
  tombstone,
  type AgentState,
  type ErrorNote,
  type SessionState,
  type TaskState,
} from './session-state';
import type { Stamped } from '../observation';
import { compareValues, earlier, later, mergeRegisters } from './stamps';

const keptErrors = 50;
const keptTodos = 500;
/** Agents and tasks of a session that are told apart; more of them count in its sums alone. */
export const keptEntries = 500;
const keptProcesses = 16;
const keptScreenshots = 1000;

/**
 * Joins what new records say of a session into what is known. Sums are not touched: those move by increments.
 * Commutative, associative and idempotent in all other fields.
 */
export function mergeSession(known: SessionState, said: SessionState): SessionState {
  if (known.deleted === true || said.deleted === true) return mergedTombstone(known, said);
  return {
    ...known,
    startedAt: earliest(known.startedAt, said.startedAt),
    lastActivityAt: Math.max(known.lastActivityAt, said.lastActivityAt),
    registers: mergeRegisters(known.registers, said.registers),
    tasks: firstOf(mergeMaps(known.tasks, said.tasks, mergeTask), (task) => task.first),
    todos: newestTodos(mergeMaps(known.todos, said.todos, mergeTimes)),
    agents: firstOf(mergeMaps(known.agents, said.agents, mergeAgent), (agent) => agent.startedAt),
    links: lastOf(
      mergeMaps(known.links, said.links, (a, b) => (compareSaid(a, b) >= 0 ? a : b)),
      (link) => link.at,
    ),
    errorNotes: mergeErrors(known.errorNotes, said.errorNotes),
    toolTimes: lastOf(mergeMaps(known.toolTimes, said.toolTimes, Math.max), (at) => at),
    files: mergeMaps(known.files, said.files, (_, b) => b),
    processes: newest(mergeMaps(known.processes, said.processes, laterOf), keptProcesses),
    screenshots: newest(mergeMaps(known.screenshots, said.screenshots, laterOf), keptScreenshots),
  };
}

/** Whoever deletes a session says whose it was; should two say otherwise, the order does not decide. */
function mergedTombstone(known: SessionState, said: SessionState): SessionState {
  const [source] = [known, said]
    .filter(({ deleted }) => deleted === true)
    .map((state) => state.source)
    .sort();
  return tombstone(known.id, source ?? known.source);
}

function laterOf<T>(a: Stamped<T>, b: Stamped<T>): Stamped<T> {
  return later(a, b) ?? a;
}

function newest<T>(map: Record<string, Stamped<T>>, kept: number): Record<string, Stamped<T>> {
  const entries = Object.entries(map);
  if (entries.length <= kept) return map;
  entries.sort(([nameA, a], [nameB, b]) => b.at - a.at || b.offset - a.offset || (nameA < nameB ? -1 : 1));
  return Object.fromEntries(entries.slice(0, kept));
}

/** The earlier of two times of which 0 means unknown. */
export function earliest(a: number, b: number): number {
  if (a === 0) return b;
  return b === 0 ? a : Math.min(a, b);
}

function mergeMaps<T>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
  merge: (a: T, b: T) => T,
): Record<string, T> {
  const keys = Object.keys(b);
  if (keys.length === 0) return a;
  const merged: Record<string, T> = { ...a };
  for (const key of keys) {
    const known = Object.hasOwn(merged, key) ? merged[key] : undefined;
    const said = b[key] as T;
    define(merged, key, known === undefined ? said : merge(known, said));
  }
  return merged;
}

/** Names come from outside: `__proto__` is a name like any other, only slower to set. */
function define<T>(target: Record<string, T>, key: string, value: T): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function mergeTask(a: TaskState, b: TaskState): TaskState {
  return {
    text: later(a.text, b.text),
    status: later(a.status, b.status),
    removed: later(a.removed, b.removed),
    ...mergeTimes(a, b),
  };
}

interface Times {
  readonly first: number;
  readonly completed: number | null;
}

function mergeTimes(a: Times, b: Times): Times {
  const completed =
    a.completed === null
      ? b.completed
      : b.completed === null
        ? a.completed
        : Math.min(a.completed, b.completed);
  return { first: earliest(a.first, b.first), completed };
}

/** The first `kept` ones, so that no session's row grows without bound; which those are depends on no order. */
function firstOf<T>(map: Record<string, T>, startOf: (value: T) => number): Record<string, T> {
  const names = Object.keys(map);
  if (names.length <= keptEntries) return map;
  const ordered = names
    .map((name) => ({ name, value: map[name] as T }))
    .sort((a, b) => startOf(a.value) - startOf(b.value) || (a.name < b.name ? -1 : 1));
  return Object.fromEntries(ordered.slice(0, keptEntries).map(({ name, value }) => [name, value]));
}

/** The last `kept` ones: times only grow, so which those are depends on no order either. */
function lastOf<T>(map: Record<string, T>, timeOf: (value: T) => number): Record<string, T> {
  return firstOf(map, (value) => -timeOf(value));
}

function newestTodos(todos: Record<string, Times>): Record<string, Times> {
  const names = Object.keys(todos);
  if (names.length <= keptTodos) return todos;
  const kept = names
    .sort((a, b) => (todos[b]?.first ?? 0) - (todos[a]?.first ?? 0) || (a < b ? -1 : 1))
    .slice(0, keptTodos);
  return Object.fromEntries(kept.map((name) => [name, todos[name] as Times]));
}

function mergeAgent(a: AgentState, b: AgentState): AgentState {
  return {
    ...a,
    parentId: later(a.parentId, b.parentId),
    type: later(a.type, b.type),
    description: earlier(a.description, b.description),
    model: later(a.model, b.model),
    ended: later(a.ended, b.ended),
    startedAt: earliest(a.startedAt, b.startedAt),
    lastActivityAt: Math.max(a.lastActivityAt, b.lastActivityAt),
  };
}

function mergeErrors(a: readonly ErrorNote[], b: readonly ErrorNote[]): readonly ErrorNote[] {
  if (b.length === 0) return a;
  const byKey = new Map(a.map((note) => [note.key, note]));
  for (const note of b) {
    const known = byKey.get(note.key);
    if (known === undefined || compareSaid(note, known) < 0) byKey.set(note.key, note);
  }
  return [...byKey.values()].sort((x, y) => x.at - y.at || (x.key < y.key ? -1 : 1)).slice(-keptErrors);
}

/** By time; what was said at one time by its content, so that the order of arrival does not matter. */
function compareSaid<T extends { readonly at: number }>(a: T, b: T): number {
  return a.at - b.at || compareValues(a, b);
}
