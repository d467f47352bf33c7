import * as fc from 'fast-check';
import type { CodexUsage } from './codex-fields';
import type { CodexStyle } from './codex-writer';

/** What happens in a turn. */
export type CodexStep =
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'exec'; readonly fails: boolean }
  /** Under an id that other calls have, too. */
  | { readonly kind: 'local-call'; readonly answered: boolean }
  | { readonly kind: 'count'; readonly usage: CodexUsage; readonly unseen: number }
  | { readonly kind: 'restart' | 'other-counter'; readonly usage: CodexUsage }
  | { readonly kind: 'prompt' | 'plan'; readonly text: string }
  | {
      readonly kind:
        | 'patch'
        | 'mcp'
        | 'search'
        | 'think'
        | 'repeat'
        | 'limits'
        | 'compact'
        | 'fill'
        | 'error'
        | 'resume'
        | 'malformed';
    };

export interface CodexTurnPlan {
  readonly model: string;
  readonly prompt: string;
  readonly steps: readonly CodexStep[];
  readonly end: 'complete' | 'abort' | 'open';
}

export interface CodexForkPlan {
  /** Which of the sessions before it, modulo how many there are. */
  readonly of: number;
  /** Everything up to a line; what a subagent is given; the last turns only. */
  readonly kind: 'history' | 'events' | 'last-turns';
  /** How much of it. */
  readonly take: number;
}

export interface CodexSessionPlan {
  readonly style: CodexStyle;
  readonly turns: readonly CodexTurnPlan[];
  readonly fork: CodexForkPlan | null;
  readonly isSubagent: boolean;
  /** A copy elsewhere: archived, on another host, or both. */
  readonly copies: readonly ('archived' | 'other-host')[];
}

const figure = fc.oneof({ weight: 4, arbitrary: fc.nat(5000) }, { weight: 1, arbitrary: fc.nat(400_000) });

const usage: fc.Arbitrary<CodexUsage> = fc
  .tuple(figure, figure, fc.nat(300), figure, figure)
  .map(([fresh, cached, cacheWrite, spoken, reasoning]) => ({
    input: fresh + cached + cacheWrite,
    cached,
    cacheWrite,
    output: spoken + reasoning,
    reasoning,
  }));

/** Few texts: the same words again and again are where keys can go wrong. */
const text = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('Continue', 'Fix the build', 'ünïcödé 🚀') },
  { weight: 1, arbitrary: fc.string({ maxLength: 30, unit: 'binary' }).map((any) => `say ${any}`) },
);

const step: fc.Arbitrary<CodexStep> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('say'), text }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('exec'), fails: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('local-call'), answered: fc.boolean() }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('count'),
      usage,
      unseen: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(900) }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('restart', 'other-counter'), usage }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('prompt', 'plan'), text }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'patch',
        'mcp',
        'search',
        'think',
        'repeat',
        'limits',
        'compact',
        'fill',
        'error',
        'resume',
        'malformed',
      ),
    }),
  },
);

const turn: fc.Arbitrary<CodexTurnPlan> = fc.record({
  model: fc.constantFrom('gpt-5.5', 'gpt-5.3-codex', 'gpt-5.6-luna', 'gpt-unheard-of'),
  prompt: text,
  steps: fc.array(step, { maxLength: 9 }),
  end: fc.constantFrom('complete', 'complete', 'abort', 'open'),
});

const session: fc.Arbitrary<CodexSessionPlan> = fc.record({
  style: fc.constantFrom('today', 'today', 'items', 'both', 'early', 'bare'),
  turns: fc.array(turn, { minLength: 1, maxLength: 4 }),
  fork: fc.option(
    fc.record({
      of: fc.nat(5),
      kind: fc.constantFrom('history', 'history', 'events', 'last-turns'),
      take: fc.nat(40),
    }),
    { freq: 2 },
  ),
  isSubagent: fc.boolean(),
  copies: fc.subarray(['archived', 'other-host']),
});

/** Plans of several sessions with their forks, subagents and copies, and all the oddities that are known. */
export const codexPlan: fc.Arbitrary<readonly CodexSessionPlan[]> = fc.array(session, {
  minLength: 1,
  maxLength: 4,
});
