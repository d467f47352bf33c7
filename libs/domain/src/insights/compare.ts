import { comparedFigures, type ComparedFigure, type ComparedRow, type Summary } from '@telltale/contracts';

type Value = number | null;
/** Which way is better: `+` more, `-` less, absent: neither. */
type Better = '+' | '-';

interface Figure {
  readonly of: (session: Summary) => Value;
  readonly better?: Better;
  /** Where only a part is known the value is a lower bound of the true one. */
  readonly isLowerBound?: (session: Summary) => boolean;
}

const hasUnpriced = ({ stats }: Summary) => stats.unpricedModels.length > 0;

const figures: Record<ComparedFigure, Figure> = {
  messages: { of: ({ stats }) => stats.messages },
  prompts: { of: ({ stats }) => stats.prompts },
  toolCalls: { of: ({ stats }) => stats.toolCalls },
  toolErrors: { of: ({ stats }) => stats.toolErrors, better: '-' },
  toolErrorShare: { of: ({ stats }) => share(stats.toolErrors, stats.toolCalls), better: '-' },
  errors: { of: ({ stats }) => stats.errors, better: '-' },
  screenshots: { of: ({ stats }) => stats.screenshots },
  objectivesCompleted: { of: ({ stats }) => stats.objectives.completed },
  objectivesTotal: { of: ({ stats }) => stats.objectives.total },
  objectivesCompletedShare: {
    of: ({ stats }) => share(stats.objectives.completed, stats.objectives.total),
    better: '+',
  },
  inputTokens: { of: ({ stats }) => stats.tokens.input },
  outputTokens: { of: ({ stats }) => stats.tokens.output },
  cacheWrite5mTokens: { of: ({ stats }) => stats.tokens.cacheWrite5m },
  cacheWrite1hTokens: { of: ({ stats }) => stats.tokens.cacheWrite1h },
  cacheReadTokens: { of: ({ stats }) => stats.tokens.cacheRead },
  reasoningTokens: { of: ({ stats }) => stats.tokens.reasoning },
  totalTokens: { of: ({ stats }) => stats.tokens.total, better: '-' },
  cacheHitShare: { of: cacheHitShare, better: '+' },
  tokensPerMessage: { of: ({ stats }) => share(stats.tokens.total, stats.messages), better: '-' },
  costUsd: { of: ({ stats }) => stats.costUsd, better: '-', isLowerBound: hasUnpriced },
  costUsdPerMessage: {
    of: ({ stats }) => (stats.costUsd === null ? null : share(stats.costUsd, stats.messages)),
    better: '-',
    isLowerBound: hasUnpriced,
  },
  reportedCostUsd: { of: ({ stats }) => stats.reportedCostUsd, better: '-' },
  elapsedMs: { of: elapsedMs, better: '-' },
};

/** The figures of sessions side by side, each with who did better. */
export function compareSessions(sessions: readonly Summary[]): ComparedRow[] {
  return comparedFigures.map((name) => {
    const figure = figures[name];
    return { figure: name, values: sessions.map(figure.of), best: bestOf(figure, sessions) };
  });
}

/** From the first record to the end, or to the last one there is; null where no record had a time. */
export function elapsedMs({ startedAt, endedAt, lastActivityAt }: Summary): number | null {
  const end = endedAt ?? lastActivityAt;
  if (startedAt === null || end === null) return null;
  return Math.max(0, Date.parse(end) - Date.parse(startedAt));
}

/** The part of what was read that came from the cache. */
export function cacheHitShare({ stats: { tokens } }: Summary): number | null {
  const { input, cacheWrite5m, cacheWrite1h, cacheRead } = tokens;
  return share(cacheRead, input + cacheWrite5m + cacheWrite1h + cacheRead);
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/**
 * The one that is certainly better than every other that is known: a tie has no best, nor has a figure that only one
 * session has. What is known in part is at least what it says, so with less being better it never wins, and loses
 * only to what is below it.
 */
function bestOf({ of, better, isLowerBound }: Figure, sessions: readonly Summary[]): number | null {
  if (better === undefined) return null;
  const known = sessions.flatMap((session, index) => {
    const value = of(session);
    return value === null ? [] : [{ index, value, isPart: isLowerBound?.(session) ?? false }];
  });
  if (known.length < 2) return null;
  const size = (value: number) => (better === '+' ? value : -value);
  const winner = known.find(
    (one) => !one.isPart && known.every((other) => other === one || size(one.value) > size(other.value)),
  );
  return winner?.index ?? null;
}
