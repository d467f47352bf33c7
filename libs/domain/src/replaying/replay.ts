import type { SessionRegisters, Stamped } from '../observation';
import { BatchDraft } from '../projecting/draft';
import type { CountedUsage } from '../projecting/increments';
import { keptEntries, mergeSession } from '../projecting/merge-session';
import { emptyAgent, emptySession, type AgentState, type SessionState } from '../projecting/session-state';
import { asOf } from './as-of';
import { figuresOverTime, type Counted, type CountedItem } from './figures-over-time';
import { Prefixes, type Timed } from './prefixes';
import type { Told, ToldRecords } from './told-records';

export interface ReplayParts {
  /** The session as the read model has it now. */
  readonly state: SessionState;
  /** What the log tells of it. */
  readonly records: ToldRecords;
  /** What counts for it now. */
  readonly items: readonly CountedItem[];
  readonly usage: readonly CountedUsage[];
}

/** By these a session is known: the first of each that is told holds also for the time before. */
const names = ['projectPath', 'nativeId', 'parentId', 'forkedFrom'] as const;
const titles = ['customTitle', 'agentName', 'aiTitle', 'summaryTitle', 'firstPrompt'] as const;

type TimedTold = Told & Timed;

/**
 * A session that can be asked how it was at any time. What it said of itself is folded from the log; what counts is
 * what counts now, each at its own time. At the end it is the session as it is now.
 */
export class Replay {
  /** About how many bytes of memory it takes. */
  readonly byteLength: number;
  private readonly told: Prefixes<TimedTold, SessionState>;
  private readonly figures: Prefixes<Counted, SessionState>;
  private readonly firstTold: SessionRegisters;

  constructor(private readonly parts: ReplayParts) {
    const { state, records, items, usage } = parts;
    const told = inOrder(records.told, state.lastActivityAt);
    const empty = emptySession(state.id, state.source);
    this.told = new Prefixes(told, empty, foldTold);
    this.figures = figuresOverTime(empty, items, usage);
    this.firstTold = firstOfNames(told);
    // Measured: an item stands in its row and, a tool's twice, among what is counted.
    this.byteLength = records.byteLength + 650 * items.length + 600 * usage.length;
  }

  /** Makes questions cheap, step by step: the caller may do something else between two of them. */
  *prepare(): Generator<void> {
    yield* this.told.prepare();
    yield* this.figures.prepare();
  }

  /** Epoch ms; what happened at that very moment had happened. Before it began, a state that is none yet. */
  stateAt(at: number): SessionState {
    const known = mergeSession(asOf(this.parts.state, at), this.told.at(at));
    const timed = mergeSession(known, this.timesAt(at));
    const { prompts, toolErrors, errors, models, tools, activity, agents } = this.figures.at(at);
    return {
      ...timed,
      registers: this.named(timed.registers),
      files: this.filesAt(at),
      agents: this.begun(withSums(timed.agents, agents), at),
      ...{ prompts, toolErrors, errors, models, tools, activity },
    };
  }

  /** What is known of times alone. */
  private timesAt(at: number): SessionState {
    const { records, state } = this.parts;
    const { first, last } = records.activity.upTo(at);
    const agents = [...records.agents].map(([id, instants]) => {
      const times = instants.upTo(at);
      return [id, { ...emptyAgent, startedAt: times.first, lastActivityAt: times.last }] as const;
    });
    const tools = [...records.tools].map(([name, instants]) => [name, instants.upTo(at).last] as const);
    return {
      ...emptySession(state.id, state.source),
      startedAt: first,
      lastActivityAt: last,
      agents: Object.fromEntries(agents.filter(([, { startedAt }]) => startedAt > 0)),
      toolTimes: Object.fromEntries(tools.filter(([, time]) => time > 0)),
    };
  }

  /** Those that had begun. What states no time of an agent's, or counts for it, says nothing of when that was. */
  private begun(agents: SessionState['agents'], at: number): SessionState['agents'] {
    const known = this.parts.state.agents;
    return Object.fromEntries(
      Object.entries(agents).filter(([id]) => !Object.hasOwn(known, id) || (known[id]?.startedAt ?? 0) <= at),
    );
  }

  private named(registers: SessionRegisters): SessionRegisters {
    const known = { ...this.parts.state.registers, ...this.firstTold };
    const wanted: string[] = names.filter((name) => registers[name] === undefined);
    if (titles.every((name) => registers[name] === undefined))
      wanted.push(...titles.filter((name) => known[name] !== undefined).slice(0, 1));
    const found = Object.entries(known).filter(([name]) => wanted.includes(name));
    return { ...registers, ...(Object.fromEntries(found) as SessionRegisters) };
  }

  private filesAt(at: number): SessionState['files'] {
    const { records, state } = this.parts;
    const files = Object.fromEntries(
      Object.entries(state.files).filter(([name]) => !records.files.has(name)),
    );
    for (const [name, { file, events }] of records.files) {
      const last = events.findLast((event) => event.at <= at);
      if (last !== undefined) define(files, name, { ...file, removed: last.removed });
    }
    return files;
  }
}

function withSums(agents: SessionState['agents'], counted: SessionState['agents']): SessionState['agents'] {
  const all: Record<string, AgentState> = { ...agents };
  for (const [id, { toolCalls, usage }] of Object.entries(counted)) {
    const known = Object.hasOwn(all, id) ? all[id] : undefined;
    if (known === undefined && Object.keys(all).length >= keptEntries) continue;
    define(all, id, { ...(known ?? emptyAgent), toolCalls, usage });
  }
  return all;
}

function foldTold(state: SessionState, told: readonly Told[]): SessionState {
  const draft = new BatchDraft();
  for (const { observation, clock } of told) draft.add(observation, state.source, clock);
  const said = draft.sessions.get(state.id);
  return said === undefined ? state : mergeSession(state, said);
}

/** A list of objectives that bears no time was there when it was seen, or at the session's end. */
function inOrder(told: readonly Told[], end: number): TimedTold[] {
  const timed = told.map(({ observation, clock }) => {
    const isList = observation.type === 'registers' && observation.registers.todoList !== undefined;
    const own = Math.min(observation.at, Math.floor(clock));
    return { observation, clock, at: own === 0 && isList ? Math.min(Math.floor(clock), end) : own };
  });
  return timed.sort((a, b) => a.at - b.at);
}

function firstOfNames(told: readonly TimedTold[]): SessionRegisters {
  const wanted: readonly string[] = [...names, ...titles];
  const first: Record<string, Stamped<unknown>> = {};
  for (const { observation } of told) {
    if (observation.type !== 'registers') continue;
    for (const [name, stamped] of Object.entries<Stamped<unknown> | undefined>({ ...observation.registers }))
      if (stamped !== undefined && wanted.includes(name)) first[name] ??= stamped;
  }
  return first;
}

/** Names come from outside: `__proto__` is a name like any other. */
function define<T>(target: Record<string, T>, name: string, value: T): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}
