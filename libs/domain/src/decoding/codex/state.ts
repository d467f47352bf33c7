import type { RateLimit } from '@telltale/contracts';
import type { Remembered } from '../reading/remembered';
import type { StateDraft } from '../reading/state-draft';
import type { Totals } from './counters';

/** What the decoder remembers of a file from line to line. JSON, small, bounded. */
export type CodexState = {
  /** The session the file is of: the first id its records state, where the path does not tell it. */
  sessionId: string | null;
  /** The latest time seen, epoch ms: stands in for records without one. 0 before any. */
  at: number;
  /** Something beside session metadata was seen: only then is the file a session's. */
  conversed: boolean;
  /** Earliest time of session metadata before that. */
  heldAt: number | null;
  /** Values already told; they are told again when they change. */
  told: { readonly [register: string]: string | boolean };
  /** The file says that its session continues another's history. */
  forked: boolean;
  /** The session the lines at hand were first written in, as far as the latest session metadata tell. */
  origin: string | null;
  /** The turn at hand: a replay keeps it, and no other turn has it. Made up of its prompt where it has no id. */
  turn: string | null;
  /** How often a content was seen in this turn: `<form><hash>` and count, the newest few. */
  seen: Remembered<number>;
  /** How often each form was seen in the file outside of turns. */
  ordinals: { readonly [form: string]: number };
  model: string | null;
  speed: 'standard' | 'fast' | null;
  /** The counters' latest totals, the one at hand first. */
  counters: readonly Totals[];
  /** How often a counter began anew behind this turn's first count; null before that. */
  falls: number | null;
  /** The agent's message that the next usage belongs to. */
  message: string | null;
  /** Calls that wait for their result under an id that others may have, too: id and key, the newest few. */
  calls: Remembered<string>;
  /** The latest reading of each limit, by its name. */
  limits: Remembered<RateLimit>;
  reviewing: boolean;
  workingMode: string | null;
};

export type CodexDraft = StateDraft<CodexState>;

/** Of a file of which no line was read. */
export function initialCodexState(): CodexState {
  return {
    sessionId: null,
    at: 0,
    conversed: false,
    heldAt: null,
    told: {},
    forked: false,
    origin: null,
    turn: null,
    seen: [],
    ordinals: {},
    model: null,
    speed: null,
    counters: [],
    falls: null,
    message: null,
    calls: [],
    limits: [],
    reviewing: false,
    workingMode: null,
  };
}
