import type { Remembered } from '../reading/remembered';
import type { StateDraft } from '../reading/state-draft';

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
  tasks: Remembered<string>;
  /** Task/Agent uses whose agent is not known yet. */
  spawns: Remembered<Spawn>;
  /** Agents that were told of, with their last status. */
  agents: Remembered<AgentStatus>;
};

export type Spawn = { readonly type: string | null; readonly description: string | null };
export type AgentStatus = 'running' | 'completed' | 'failed';

export type ClaudeDraft = StateDraft<ClaudeState>;

/** Of a file of which no line was read. */
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
