import type { Source } from '@telltale/contracts';
import { betterRow } from '../counting';
import type { Observation, Place, SessionRegisters, Stamped, UsageRow } from '../decoding/observation';
import { mergeItems, type Item, type ItemKind, type ItemPart } from './item';
import { mergeSession } from './merge-session';
import { Pile } from './pile';
import {
  emptyAgent,
  emptySession,
  type AgentState,
  type SessionState,
  type TaskState,
} from './session-state';

/** A usage row with where it stands: a candidate of its message. */
export interface UsageCandidate {
  readonly messageKey: string;
  readonly sessionId: string;
  readonly row: UsageRow;
  readonly place: Place;
}

/** One name for a candidate's slot: of the rows in one slot only the best can ever win. */
export function candidateSlot(candidate: UsageCandidate): string {
  return `${candidate.messageKey}\0${candidate.sessionId}\0${candidate.row.requestId ?? ''}\0${candidate.row.sidechain}`;
}

type Of<T extends Observation['type']> = Extract<Observation, { type: T }>;

/** Collects a batch of observations and reduces it on the way: one entry a key and session, one a session. */
export class BatchDraft {
  readonly items = new Map<string, Item>();
  readonly usage = new Map<string, UsageCandidate>();
  private readonly said = new Map<string, Pile<SessionState>>();
  private joined: ReadonlyMap<string, SessionState> | undefined;
  private source: Source = 'claude-code';
  private count = 0;

  /** How many observations it was made of. */
  get size(): number {
    return this.count;
  }

  /** What is said of each session. */
  get sessions(): ReadonlyMap<string, SessionState> {
    this.joined ??= new Map([...this.said].map(([id, pile]) => [id, pile.whole]));
    return this.joined;
  }

  /** `clock`: the broker's time of the fact in epoch ms; records cannot be later than that. */
  add(observation: Observation, source: Source, clock: number): void {
    this.source = source;
    this.count += 1;
    const latest = Math.floor(clock);
    const seen = observation.at > latest ? { ...observation, at: latest } : observation;
    const { sessionId } = seen;
    // Also what says nothing of its session names it: it must be read before it is written.
    if (!this.said.has(sessionId)) this.say(sessionId, {});
    if (seen.agentId !== null && seen.type !== 'agent')
      this.say(sessionId, { agents: { [seen.agentId]: agentActive(seen.at) } });
    if (isItem(seen)) this.addItem(itemOf(seen));
    this.describe(seen, latest);
  }

  /** Says which file tells of a session. */
  addFile(
    sessionId: string,
    source: Source,
    file: { host: string; path: string; role: string; removed: boolean },
  ): void {
    this.source = source;
    this.say(sessionId, { files: { [`${file.host}:${file.path}`]: file } });
  }

  /** The session is to be gone, whatever else is said of it. */
  delete(sessionId: string, source: Source): void {
    this.source = source;
    this.count += 1;
    this.say(sessionId, { deleted: true });
  }

  /** What an observation says of its session beside being an item. */
  private describe(seen: Observation, latest: number): void {
    const { sessionId } = seen;
    switch (seen.type) {
      case 'activity':
        return this.say(sessionId, { startedAt: seen.at, lastActivityAt: seen.at });
      case 'registers':
        return this.addRegisters(seen, latest);
      case 'objective':
        return this.say(sessionId, { tasks: { [seen.id]: taskOf(seen) } });
      case 'agent':
        return this.addAgent(seen);
      case 'usage':
        return this.addUsage(seen);
      default:
        return this.note(seen);
    }
  }

  private note(seen: Observation): void {
    const said = noted(seen);
    if (said !== undefined) this.say(seen.sessionId, said);
  }

  private say(sessionId: string, said: Partial<SessionState>): void {
    const state = { ...emptySession(sessionId, this.source), ...said };
    const pile = this.said.get(sessionId);
    if (pile === undefined) this.said.set(sessionId, new Pile(mergeSession, state));
    else pile.add(state);
    this.joined = undefined;
  }

  private addRegisters(seen: Of<'registers'>, latest: number): void {
    const list = seen.registers.todoList?.value ?? [];
    const todos = Object.fromEntries(
      list.map(({ text, status }) => [
        text,
        // A list without a time says that something is done, but not when.
        { first: seen.at, completed: status === 'completed' && seen.at > 0 ? seen.at : null },
      ]),
    );
    this.say(seen.sessionId, { registers: clampedStamps(seen.registers, latest), todos });
  }

  private addAgent(seen: Of<'agent'>): void {
    if (seen.agentId === null) return;
    const stamp = <T>(value: T | null): Stamped<T> | null =>
      value === null ? null : { value, at: seen.at, offset: seen.place.offset };
    this.say(seen.sessionId, {
      agents: {
        [seen.agentId]: {
          ...agentActive(seen.at),
          parentId: stamp(seen.parentAgentId),
          type: stamp(seen.agentType),
          description: stamp(seen.description),
          model: stamp(seen.model),
          ended: stamp(seen.status),
        },
      },
    });
  }

  private addUsage(seen: Of<'usage'>): void {
    const candidate = {
      messageKey: seen.messageKey,
      sessionId: seen.sessionId,
      row: { ...seen.row, at: seen.at },
      place: seen.place,
    };
    const slot = candidateSlot(candidate);
    this.usage.set(slot, betterCandidate(this.usage.get(slot), candidate));
  }

  private addItem(item: Item): void {
    const id = `${item.key}\0${item.sessionId}`;
    const known = this.items.get(id);
    this.items.set(id, known === undefined ? item : mergeItems(known, item));
  }
}

/** The better of two rows of one slot. */
export function betterCandidate(
  known: UsageCandidate | undefined,
  candidate: UsageCandidate,
): UsageCandidate {
  if (known === undefined) return candidate;
  const winner = betterRow(known.row, candidate.row);
  return winner === known.row ? known : candidate;
}

/** A clock that runs ahead must not win for ever. */
function clampedStamps(registers: SessionRegisters, latest: number): SessionRegisters {
  const entries = Object.entries<Stamped<unknown> | undefined>({ ...registers });
  if (entries.every(([, stamped]) => stamped === undefined || stamped.at <= latest)) return registers;
  return Object.fromEntries(
    entries.map(([name, stamped]) => [name, stamped && { ...stamped, at: Math.min(stamped.at, latest) }]),
  );
}

function agentActive(at: number): AgentState {
  return { ...emptyAgent, startedAt: at, lastActivityAt: at };
}

function taskOf(seen: Of<'objective'>): TaskState {
  const stamp = { at: seen.at, offset: seen.place.offset };
  return {
    text: seen.text === null ? null : { value: seen.text, ...stamp },
    status: seen.status === null ? null : { value: seen.status, ...stamp },
    first: seen.at,
    completed: seen.status === 'completed' ? seen.at : null,
    removed: seen.removed === true ? { value: true, ...stamp } : null,
  };
}

/** What such an observation adds to one of the session's maps. */
function noted(seen: Observation): Partial<SessionState> | undefined {
  const { at } = seen;
  const stamp = { at, offset: seen.place.offset };
  switch (seen.type) {
    case 'link':
      return { links: { [seen.url]: { kind: seen.kind, label: seen.label, at } } };
    case 'error':
      return { errorNotes: [{ key: seen.key, at, kind: seen.kind, message: seen.message }] };
    case 'tool-use':
      return { toolTimes: { [seen.name]: at } };
    case 'process':
      return {
        processes: {
          [seen.process]: { value: { state: seen.state, waitingFor: seen.waitingFor }, ...stamp },
        },
      };
    case 'screenshot':
      return { screenshots: { [seen.picture.filename]: { value: seen.picture, ...stamp } } };
    default:
      return undefined; // shown in the feed, and nowhere else
  }
}

const itemTypes: readonly Observation['type'][] = [
  'assistant',
  'prompt',
  'tool-use',
  'tool-result',
  'error',
  'compaction',
];

function isItem(seen: Observation): seen is ItemObservation {
  return itemTypes.includes(seen.type);
}

type ItemObservation = Of<'assistant' | 'prompt' | 'tool-use' | 'tool-result' | 'error' | 'compaction'>;

function itemOf(seen: ItemObservation): Item {
  const base = {
    key: seen.key,
    sessionId: seen.sessionId,
    counted: false,
    at: seen.at,
    agentId: seen.agentId,
    model: null,
    name: null,
    preview: '',
    input: null,
    isError: false,
    used: true,
    endedAt: null,
    durationMs: null,
  };
  switch (seen.type) {
    case 'assistant':
      return {
        ...base,
        kind: 'assistant',
        model: seen.model,
        preview: seen.preview,
        used: seen.used !== false,
        parts: [partOf(seen, seen.uuid)],
      };
    case 'tool-use':
      return {
        ...base,
        kind: 'tool',
        name: seen.name,
        input: seen.input,
        model: seen.model,
        parts: [{ ...partOf(seen, 'use'), r: 'use' }],
      };
    case 'tool-result':
      return {
        ...base,
        kind: 'tool',
        used: false,
        preview: seen.preview,
        isError: seen.isError,
        endedAt: seen.at > 0 ? seen.at : null,
        durationMs: seen.durationMs,
        parts: [{ ...partOf(seen, 'result'), r: 'result' }],
      };
    case 'error':
      return {
        ...base,
        kind: 'error',
        name: seen.kind,
        preview: seen.message,
        isError: true,
        parts: [partOf(seen, seen.key)],
      };
    default:
      return { ...base, ...plainOf(seen), parts: [partOf(seen, seen.key)] };
  }
}

function plainOf(seen: Of<'prompt' | 'compaction'>): { kind: ItemKind; preview: string } {
  return seen.type === 'prompt'
    ? { kind: 'prompt', preview: seen.preview }
    : { kind: 'compaction', preview: '' };
}

function partOf(seen: ItemObservation, u: string): ItemPart {
  const { sequence, line, offset } = seen.place;
  const copy = 'copied' in seen && seen.copied ? ({ c: 1 } as const) : {};
  return { u, s: sequence, l: line, o: offset, t: seen.at, ...copy };
}
