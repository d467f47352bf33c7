import type { Objective } from '../rest/session';
import type { Status, Tokens } from '../vocabulary';

interface About {
  readonly sessionId: string;
  readonly timestamp: string;
}

/** What Socket.IO's default namespace says, of all sessions. */
export interface OptimizerEvents {
  'session:start': (
    payload: About & {
      projectName: string | null;
      phase: string | null;
      model: string | null;
      startTime: string | null;
      status: Status | null;
    },
  ) => void;
  'session:objective': (payload: About & { objective: Objective }) => void;
  'session:tokens': (payload: About & { tokens: Tokens; cost: number | null }) => void;
  'session:tool': (payload: About & { tool: string; count: number }) => void;
  'session:complete': (payload: About & { status: Status }) => void;
  'session:error': (payload: About & { error: string }) => void;
}

export const optimizerEventNames = [
  'session:start',
  'session:objective',
  'session:tokens',
  'session:tool',
  'session:complete',
  'session:error',
] as const satisfies readonly (keyof OptimizerEvents)[];
