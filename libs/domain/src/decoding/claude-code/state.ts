import type { DecoderState } from '../decoder';

/** What the decoder remembers of a file from line to line. JSON, small, bounded. */
export type ClaudeState = {
  /** The session its records name, where the path does not tell it. */
  sessionId: string | null;
  /** The latest time seen, epoch ms: stands in for records without one. 0 before any. */
  at: number;
  /** A conversation record was seen: only then is the file a session's. */
  conversed: boolean;
  /** Earliest time among state records before the first conversation record. */
  heldAt: number | null;
  /** Values already told; they are told again when they change. */
  told: { readonly [register: string]: string | boolean };
  mode: string | null;
  permissionMode: string | null;
  /** TaskCreate uses that wait for their result: tool-use id and subject, the newest few. */
  tasks: readonly (readonly [toolUseId: string, subject: string])[];
  /** Task/Agent uses whose agent is not known yet. */
  spawns: readonly (readonly [toolUseId: string, spawn: Spawn])[];
  /** Agents that were told of, with their last status. */
  agents: readonly (readonly [agentId: string, status: AgentStatus])[];
};

export type Spawn = { readonly type: string | null; readonly description: string | null };
export type AgentStatus = 'running' | 'completed' | 'failed';

/** How many of each list are remembered. Results follow their uses closely; parallel agents are few. */
const remembered = 64;

export function initialClaudeState(): ClaudeState {
  return {
    sessionId: null,
    at: 0,
    conversed: false,
    heldAt: null,
    told: {},
    mode: null,
    permissionMode: null,
    tasks: [],
    spawns: [],
    agents: [],
  };
}

/** The list with `value` under `key`, as its newest; the oldest give way. */
export function remember<T>(
  list: readonly (readonly [string, T])[],
  key: string,
  value: T,
): (readonly [string, T])[] {
  return [...list.filter(([known]) => known !== key), [key, value] as const].slice(-remembered);
}

export function recall<T>(list: readonly (readonly [string, T])[], key: string): T | undefined {
  return list.find(([known]) => known === key)?.[1];
}

export function forget<T>(list: readonly (readonly [string, T])[], key: string): (readonly [string, T])[] {
  return list.filter(([known]) => known !== key);
}

/**
 * A line's changes to the state, kept apart until the line is known to be good: a line that fails changes nothing.
 * The state was made by {@link initialClaudeState} under the same decoder version, so its shape is known.
 */
export class StateDraft {
  private readonly changes: Partial<ClaudeState> = {};
  private readonly base: ClaudeState;

  constructor(private readonly stored: DecoderState) {
    this.base = stored as ClaudeState;
  }

  get<K extends keyof ClaudeState>(key: K): ClaudeState[K] {
    const changed = this.changes[key];
    return changed === undefined ? this.base[key] : changed;
  }

  set<K extends keyof ClaudeState>(key: K, value: ClaudeState[K]): void {
    this.changes[key] = value;
  }

  commit(): void {
    Object.assign(this.stored, this.changes);
  }
}
