import type { Source } from '@telltale/contracts';
import type { ObjectiveStatus, Picture, ProcessState, SessionRegisters, Stamped } from '../observation';
import type { DurationHistogram } from './histogram';

/** Sums of counted usage. `costPico` is a bigint as text, because the state is stored as JSON. */
export interface UsageSums {
  readonly input: number;
  readonly output: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly cacheRead: number;
  readonly reasoning: number;
  readonly costPico: string;
  /** Entries that had a price, and entries that had none. */
  readonly priced: number;
  readonly unpriced: number;
  /** Distinct assistant messages. */
  readonly messages: number;
  /** The tool's own price, a bigint as text, and the entries that state one. */
  readonly reportedPico: string;
  readonly reported: number;
}

export interface ToolSums {
  readonly calls: number;
  readonly errors: number;
  readonly totalMs: number;
  readonly durations: DurationHistogram;
}

export interface AgentState {
  readonly parentId: Stamped<string> | null;
  readonly type: Stamped<string> | null;
  readonly description: Stamped<string> | null;
  readonly model: Stamped<string> | null;
  readonly ended: Stamped<'running' | 'completed' | 'failed'> | null;
  /** Epoch milliseconds; 0 where unknown. */
  readonly startedAt: number;
  readonly lastActivityAt: number;
  readonly toolCalls: number;
  readonly usage: UsageSums;
}

export interface TaskState {
  readonly text: Stamped<string> | null;
  readonly status: Stamped<ObjectiveStatus> | null;
  /** First and completing record, epoch milliseconds; null while not completed. */
  readonly first: number;
  readonly completed: number | null;
  /** True once the task was deleted: it is no objective any more. */
  readonly removed: Stamped<boolean> | null;
}

export interface ErrorNote {
  readonly key: string;
  readonly at: number;
  readonly kind: string;
  readonly message: string;
}

/**
 * Everything kept of a session: what its records say (each field by a rule that does not mind the order) and
 * sums of what it owns. Summary and detail are pure functions of it and of now. Stored as JSON.
 */
export interface SessionState {
  readonly id: string;
  /** Deleted for good, whatever is said of it before or after: all else is empty then. */
  readonly deleted?: true;
  readonly source: Source;
  /** Epoch milliseconds of the first and last record with a time of its own; 0: none yet, not a session yet. */
  readonly startedAt: number;
  readonly lastActivityAt: number;
  readonly registers: SessionRegisters;
  /** Tasks by id, and what became of each text of a todo list. */
  readonly tasks: { readonly [id: string]: TaskState };
  readonly todos: { readonly [text: string]: { readonly first: number; readonly completed: number | null } };
  readonly agents: { readonly [id: string]: AgentState };
  readonly links: {
    readonly [url: string]: { readonly kind: string; readonly label: string; readonly at: number };
  };
  /** The newest fifty. */
  readonly errorNotes: readonly ErrorNote[];
  /** By `<host>:<path>`. */
  readonly files: {
    readonly [file: string]: {
      readonly host: string;
      readonly path: string;
      readonly role: string;
      readonly removed: boolean;
    };
  };
  /** Processes of the live registry that run or ran it, by `<host>:<pid>`; the latest few. */
  readonly processes: {
    readonly [process: string]: Stamped<{
      readonly state: ProcessState;
      readonly waitingFor: string | null;
    }>;
  };
  /** By file name. */
  readonly screenshots: { readonly [filename: string]: Stamped<Picture> };
  /** When each tool was used last, counted here or not; epoch ms. */
  readonly toolTimes: { readonly [name: string]: number };
  readonly prompts: number;
  readonly toolErrors: number;
  readonly errors: number;
  readonly models: { readonly [model: string]: UsageSums };
  readonly tools: { readonly [name: string]: ToolSums };
  /** Tokens but cache reads in the newest 200 five-minute buckets with usage, by bucket start in epoch ms. */
  readonly activity: { readonly [bucket: string]: number };
}

export const noUsage: UsageSums = {
  input: 0,
  output: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheRead: 0,
  reasoning: 0,
  costPico: '0',
  priced: 0,
  unpriced: 0,
  messages: 0,
  reportedPico: '0',
  reported: 0,
};

export const emptyAgent: AgentState = {
  parentId: null,
  type: null,
  description: null,
  model: null,
  ended: null,
  startedAt: 0,
  lastActivityAt: 0,
  toolCalls: 0,
  usage: noUsage,
};

/** A session of which nothing is known: merging it with what is said changes nothing of that. */
export function emptySession(id: string, source: Source): SessionState {
  return {
    id,
    source,
    startedAt: 0,
    lastActivityAt: 0,
    registers: {},
    tasks: {},
    todos: {},
    agents: {},
    links: {},
    errorNotes: [],
    files: {},
    processes: {},
    screenshots: {},
    toolTimes: {},
    prompts: 0,
    toolErrors: 0,
    errors: 0,
    models: {},
    tools: {},
    activity: {},
  };
}

/** All that is left of a session that was deleted. */
export function tombstone(id: string, source: Source): SessionState {
  return { ...emptySession(id, source), deleted: true };
}

/** A session is one once a record with a time of its own was seen; until then titles and the like wait here. */
export function isVisible(state: SessionState): boolean {
  return state.startedAt > 0;
}
