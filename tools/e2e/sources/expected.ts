import type { Session, Tokens } from '@telltale/contracts';

/** What a session must come to, as far as its truth is known; tokens and calls exactly, cost to a millionth of a dollar. */
export interface Expected {
  readonly id: string;
  readonly source?: Session['source'];
  readonly title?: string | null;
  readonly project?: string | null;
  readonly parentId?: string | null;
  readonly startedAt?: string;
  readonly status?: Session['status'];
  readonly prompts?: number;
  readonly messages?: number;
  readonly toolCalls?: number;
  readonly tools?: Readonly<Record<string, number>>;
  readonly errors?: number;
  readonly toolErrors?: number;
  readonly screenshots?: number;
  readonly objectives?: { readonly completed: number; readonly total: number };
  readonly models?: Readonly<Record<string, ExpectedModel>>;
  readonly costUsd?: number | null;
  readonly reportedCostUsd?: number | null;
  readonly unpricedModels?: readonly string[];
}

export interface ExpectedModel {
  readonly tokens: Omit<Tokens, 'total' | 'reasoning'> & { readonly reasoning?: number };
  readonly costUsd?: number;
}

/** What lies below a folder of one source, and what must come of it. */
export interface LaidOut {
  /** Where it lies, as the product is told: an environment variable and its value. */
  readonly env: Readonly<Record<string, string>>;
  readonly sessions: readonly Expected[];
  /** Lines that are broken on purpose. */
  readonly broken: number;
}

/** What is said of a session, in the words of what is expected of it; what is not expected is left out. */
export function asExpected(session: Session, expected: Expected): Record<string, unknown> {
  const { stats, project, tools, tokensByModel } = session;
  const models = tokensByModel
    .filter(({ tokens }) => tokens.total > 0)
    .map((one) => [one.model, modelAsExpected(one, expected.models?.[one.model])]);
  const all: Record<string, unknown> = {
    ...session,
    ...stats,
    project: project?.path ?? null,
    tools: Object.fromEntries(tools.filter(({ calls }) => calls > 0).map(({ name, calls }) => [name, calls])),
    models: Object.fromEntries(models) as unknown,
  };
  return Object.fromEntries(Object.keys(expected).map((name) => [name, all[name]]));
}

function modelAsExpected(
  { tokens, costUsd }: Session['tokensByModel'][number],
  expected: ExpectedModel | undefined,
): unknown {
  const { total, reasoning, ...classes } = tokens;
  const isWhole = total === Object.values(classes).reduce((sum, figure) => sum + figure, 0);
  if (!isWhole) throw new Error(`the total of ${total} tokens is not the sum of its classes`);
  return {
    tokens: { ...classes, ...(expected?.tokens.reasoning === undefined ? {} : { reasoning }) },
    ...(expected?.costUsd === undefined ? {} : { costUsd }),
  };
}

/** A millionth of a dollar may be lost to rounding. */
export const dollars = (usd: number): number => expect.closeTo(usd, 6) as number;
