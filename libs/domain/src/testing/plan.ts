import * as fc from 'fast-check';

/** What a tool did in a generated turn. */
export interface ToolPlan {
  readonly name: 'Bash' | 'Read' | 'Edit' | 'Grep';
  readonly fails: boolean;
  /** The session ends before its result. */
  readonly answered: boolean;
}

/** One API answer as it is streamed: a line per block, usage repeated and rising. */
export interface TurnPlan {
  readonly kind: 'turn';
  readonly model: string;
  readonly says: readonly ('text' | 'thinking')[];
  readonly tools: readonly ToolPlan[];
  readonly input: number;
  readonly output: number;
  readonly cacheWrite: number;
  readonly cacheRead: number;
  /** How the record states its cache writes: not at all (flat), as 5-minute or as 1-hour writes. */
  readonly breakdown: 'flat' | '5m' | '1h';
  readonly speed: 'standard' | 'fast' | null;
  readonly requestId: 'stated' | 'missing' | 'on-last-line-missing';
  /** The message comes once more under another request id. */
  readonly secondRequest: boolean;
  /** A subagent's file replays the message as sidechain under a request id of its own. */
  readonly replayedBySidechain: boolean;
  /** Neither message id nor uuid can be relied on. */
  readonly nameless: boolean;
  readonly ends: boolean;
}

export interface AgentPlan {
  readonly kind: 'agent';
  /** Where the subagent's records stand. */
  readonly layout: 'own-file' | 'old-file' | 'progress' | 'own-file-and-progress';
  readonly turns: readonly TurnPlan[];
}

export type EventPlan =
  | TurnPlan
  | AgentPlan
  | { readonly kind: 'prompt'; readonly text: string; readonly inBlocks: boolean }
  | {
      readonly kind:
        | 'command'
        | 'interruption'
        | 'compaction'
        | 'api-error'
        | 'synthetic'
        | 'turn-duration'
        | 'attachment';
    }
  | {
      readonly kind: 'state';
      readonly record: 'ai-title' | 'mode' | 'permission-mode' | 'pr-link' | 'summary' | 'cost-state';
    }
  | { readonly kind: 'todos'; readonly done: number; readonly open: number }
  | { readonly kind: 'malformed'; readonly line: string };

export interface SessionPlan {
  readonly events: readonly EventPlan[];
  /** Minutes after the corpus's beginning. */
  readonly startsAfter: number;
  /** A copy of the first so many lines of the session before it, as --fork-session makes it. */
  readonly forks: number | null;
  readonly saysForkedFrom: boolean;
}

export interface CorpusPlan {
  readonly sessions: readonly SessionPlan[];
}

const models = [
  'claude-opus-4-6',
  'claude-sonnet-4-5-20250929',
  'claude-haiku-4-5-20251001',
  'claude-unheard-of',
];
const tokens = fc.oneof({ weight: 4, arbitrary: fc.nat(5000) }, { weight: 1, arbitrary: fc.nat(450_000) });
const mostly = (value: boolean): fc.Arbitrary<boolean> => fc.nat(9).map((n) => (n === 0 ? !value : value));

const tool: fc.Arbitrary<ToolPlan> = fc.record({
  name: fc.constantFrom('Bash', 'Read', 'Edit', 'Grep'),
  fails: mostly(false),
  answered: mostly(true),
});

export const turnPlan: fc.Arbitrary<TurnPlan> = fc.record({
  kind: fc.constant('turn'),
  model: fc.constantFrom(...models),
  says: fc.array(fc.constantFrom('text', 'thinking'), { maxLength: 2 }),
  tools: fc.array(tool, { maxLength: 3 }),
  input: tokens,
  output: tokens,
  cacheWrite: tokens,
  cacheRead: tokens,
  breakdown: fc.constantFrom('flat', '5m', '1h'),
  speed: fc.constantFrom('standard', 'fast', null),
  requestId: fc.constantFrom('stated', 'stated', 'stated', 'missing', 'on-last-line-missing'),
  secondRequest: mostly(false),
  replayedBySidechain: mostly(false),
  nameless: mostly(false),
  ends: fc.boolean(),
});

const agent: fc.Arbitrary<AgentPlan> = fc.record({
  kind: fc.constant('agent'),
  layout: fc.constantFrom('own-file', 'old-file', 'progress', 'own-file-and-progress'),
  turns: fc.array(turnPlan, { minLength: 1, maxLength: 3 }),
});

const malformedLine = fc.constantFrom(
  '{"type":"assistant","mess',
  'null',
  '[1,2]',
  '"text"',
  '{]',
  '\u0000\u0000',
  'undefined',
);
const promptText = fc.oneof(
  fc.constantFrom('Add a retry to the checkout', 'Why does the build fail?', 'ünïcödé 🚀 please'),
  fc.string({ maxLength: 30, unit: 'binary' }).filter((text) => !/^[<[]/.test(text)),
);

const event: fc.Arbitrary<EventPlan> = fc.oneof(
  { weight: 8, arbitrary: turnPlan },
  { weight: 2, arbitrary: agent },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('prompt'), text: promptText, inBlocks: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'command',
        'interruption',
        'compaction',
        'api-error',
        'synthetic',
        'turn-duration',
        'attachment',
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('state'),
      record: fc.constantFrom('ai-title', 'mode', 'permission-mode', 'pr-link', 'summary', 'cost-state'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('todos'), done: fc.nat(3), open: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('malformed'), line: malformedLine }) },
);

const session: fc.Arbitrary<SessionPlan> = fc.record({
  events: fc.array(event, { minLength: 1, maxLength: 8 }),
  startsAfter: fc.nat(200),
  forks: fc.option(fc.integer({ min: 1, max: 12 }), { freq: 3 }),
  saysForkedFrom: fc.boolean(),
});

/** Plans of several sessions with their subagents, forks and all the oddities the format notes name. */
export const corpusPlan: fc.Arbitrary<CorpusPlan> = fc.record({
  sessions: fc.array(session, { minLength: 1, maxLength: 4 }),
});
