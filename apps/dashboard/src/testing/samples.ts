import type { Delta, Message, Session, SessionChanges, Stats, Summary, Tokens } from '@telltale/contracts';

export function sampleTokens(total = 1000): Tokens {
  const output = Math.floor(total / 10);
  return {
    input: 0,
    output,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    cacheRead: total - output,
    reasoning: 0,
    total,
  };
}

export function sampleStats(values: Partial<Stats> = {}): Stats {
  return {
    messages: 10,
    prompts: 2,
    toolCalls: 5,
    toolErrors: 0,
    screenshots: 0,
    errors: 0,
    objectives: { completed: 0, total: 0 },
    tokens: sampleTokens(),
    costUsd: 1,
    reportedCostUsd: null,
    unpricedModels: [],
    ...values,
  };
}

export function sampleSummary(values: Partial<Summary> = {}): Summary {
  return {
    id: 's1',
    source: 'claude-code',
    nativeId: 's1',
    host: 'atlas',
    user: null,
    project: { path: '/home/alex/storefront', name: 'storefront' },
    branch: 'main',
    phase: null,
    title: 'Find the race',
    model: 'claude-opus-4-8',
    models: ['claude-opus-4-8'],
    status: 'running',
    waitingFor: null,
    startedAt: '2026-03-01T10:00:00.000Z',
    lastActivityAt: '2026-03-01T11:00:00.000Z',
    endedAt: null,
    parentId: null,
    archived: false,
    revision: 'g.1',
    currentStep: 'Editing src/cart.ts',
    activity: [],
    stats: sampleStats(),
    ...values,
  };
}

export function sampleSession(values: Partial<Session> = {}): Session {
  return {
    ...sampleSummary(values),
    tokensByModel: [],
    objectives: [],
    agents: [],
    tools: [],
    links: [],
    errors: [],
    files: [],
    ...values,
  };
}

/** The nth delta of a room: leads from revision `g.<n>` to `g.<n + 1>`. */
export function sampleDelta(n: number, changes: SessionChanges, values: Partial<Delta> = {}): Delta {
  return {
    room: 'fleet',
    sessionId: 's1',
    from: `g.${n}`,
    to: `g.${n + 1}`,
    at: '2026-03-01T11:00:00.000Z',
    changes,
    ...values,
  };
}

/** The nth message of a feed, a second after the one before it. */
export function sampleMessage(n: number, values: Partial<Message> = {}): Message {
  return {
    id: `m:${n}`,
    author: 'assistant',
    kind: 'assistant',
    at: new Date(Date.UTC(2026, 2, 1, 10, 0, n)).toISOString(),
    text: `text ${n}`,
    preview: `text ${n}`,
    images: [],
    ...values,
  };
}
