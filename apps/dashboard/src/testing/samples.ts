import type {
  Agent,
  Delta,
  Message,
  Pipeline,
  Screenshot,
  Session,
  SessionChanges,
  Stats,
  Summary,
  TestReport,
  Tokens,
} from '@telltale/contracts';

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
    screenshots: [],
    rateLimits: [],
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

/** The nth picture of a run, a second after the one before it. */
export function sampleScreenshot(n: number, values: Partial<Screenshot> = {}): Screenshot {
  return {
    id: `shot${n}`,
    filename: `action_${n}.png`,
    label: `action_${n}`,
    at: new Date(Date.UTC(2026, 2, 1, 10, 0, n)).toISOString(),
    step: n,
    bytes: 84_000,
    width: 1296,
    height: 702,
    url: `/api/screenshots/shot${n}`,
    ...values,
  };
}

export function sampleAgent(id: string, values: Partial<Agent> = {}): Agent {
  return {
    id,
    parentId: null,
    type: 'Explore',
    description: null,
    model: null,
    status: 'completed',
    startedAt: null,
    lastActivityAt: null,
    stats: { messages: 1, toolCalls: 1, tokens: sampleTokens(100), costUsd: 1 },
    ...values,
  };
}

export function sampleTest(values: Partial<TestReport> = {}): TestReport {
  return {
    url: 'https://games.example/snake',
    configPath: null,
    result: 'pass',
    durationMs: 13_000,
    playability: 0.92,
    scores: {},
    issues: [],
    actions: [],
    methods: {},
    llm: null,
    pictures: {},
    ...values,
  };
}

type Watcher = Pipeline['watchers'][number];

export function sampleWatcher(values: Partial<Watcher> = {}): Watcher {
  return {
    host: 'atlas',
    version: '0.1.0',
    roots: [],
    files: 100,
    bytesBehind: 0,
    backfill: { totalBytes: 10, doneBytes: 10, done: true },
    lastSeenAt: '2026-03-01T00:00:00.000Z',
    silent: false,
    ...values,
  };
}

export function samplePipeline(watchers: Watcher[], values: Partial<Pipeline> = {}): Pipeline {
  const none = { p50: null, p99: null };
  return {
    services: [],
    watchers,
    partitions: [],
    rates: { factsPerS: 0, bytesPerS: 0, deltasPerS: 0 },
    latencyMs: { appendToFact: none, factToCommit: none, commitToEmit: none, appendToEmit: none },
    caughtUp: true,
    quarantined: 0,
    search: { behind: 0, movedAt: null },
    deletions: { files: 0, sessions: 0 },
    storage: { log: 0, objects: 0, database: 0 },
    ...values,
  };
}
