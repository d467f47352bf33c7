import type { Delta } from '../live/delta';
import type { Message } from '../rest/message';
import type { Session } from '../rest/session';
import type { Summary } from '../rest/summary';

export const exampleTokens = {
  input: 1200,
  output: 3400,
  cacheWrite5m: 0,
  cacheWrite1h: 52_000,
  cacheRead: 910_000,
  reasoning: 800,
  total: 966_600,
};

export const exampleSummary: Summary = {
  id: '9d0e2b1c-0000-4000-8000-000000000001',
  source: 'claude-code',
  nativeId: '9d0e2b1c-0000-4000-8000-000000000001',
  host: 'atlas',
  user: null,
  project: { path: '/home/dev/billing-api', name: 'billing-api' },
  branch: 'feat/signer',
  phase: 'acceptEdits',
  title: 'Migrate billing webhooks to the new signer',
  model: 'claude-opus-4-5-20251101',
  models: ['claude-opus-4-5-20251101'],
  status: 'running',
  waitingFor: null,
  startedAt: '2026-06-01T10:00:00.000Z',
  lastActivityAt: '2026-06-01T10:42:11.512Z',
  endedAt: null,
  parentId: null,
  archived: false,
  revision: 'k3f9a2c1.42',
  currentStep: 'Editing src/webhooks/verify.ts',
  activity: [{ at: '2026-06-01T10:40:00.000Z', tokens: 5200 }],
  stats: {
    messages: 18,
    prompts: 3,
    toolCalls: 21,
    toolErrors: 1,
    screenshots: 0,
    errors: 0,
    objectives: { completed: 1, total: 2 },
    tokens: exampleTokens,
    costUsd: 1.234567890123,
    reportedCostUsd: null,
    unpricedModels: [],
  },
};

export const exampleSession: Session = {
  ...exampleSummary,
  tokensByModel: [
    { model: 'claude-opus-4-5-20251101', tokens: exampleTokens, costUsd: 1.234567890123, messages: 15 },
  ],
  objectives: [
    {
      id: 'todo-0-1a2b3c4d',
      text: 'Rotate the signing key',
      status: 'completed',
      at: '2026-06-01T10:05:00.000Z',
      completedAt: '2026-06-01T10:39:52.000Z',
    },
    {
      id: 'todo-1-5e6f7a8b',
      text: 'Publish a dry run',
      status: 'active',
      at: '2026-06-01T10:05:00.000Z',
      completedAt: null,
    },
  ],
  agents: [
    {
      id: 'a4ca7529859c158c2',
      parentId: null,
      type: 'Explore',
      description: 'Find all webhook senders',
      model: 'claude-haiku-4-5-20251001',
      status: 'completed',
      startedAt: '2026-06-01T10:02:00.000Z',
      lastActivityAt: '2026-06-01T10:03:10.000Z',
      stats: { messages: 4, toolCalls: 6, tokens: exampleTokens, costUsd: 0.12 },
    },
  ],
  tools: [
    {
      name: 'Edit',
      calls: 9,
      errors: 1,
      medianMs: 140,
      p95Ms: 220,
      totalMs: 1300,
      lastAt: '2026-06-01T10:42:11.512Z',
    },
  ],
  links: [
    {
      kind: 'pull-request',
      label: 'acme/billing-api#482',
      url: 'https://example.test/acme/billing-api/pull/482',
    },
  ],
  errors: [{ at: '2026-06-01T10:20:00.000Z', kind: 'api_error', message: 'Overloaded' }],
  forkedFrom: null,
  screenshots: [],
  rateLimits: [],
  files: [
    {
      path: '/home/dev/.claude/projects/-home-dev-billing-api/9d0e2b1c.jsonl',
      host: 'atlas',
      role: 'main',
      removed: false,
    },
  ],
};

export const exampleMessage: Message = {
  id: 't:toolu_01',
  author: 'tool',
  kind: 'tool',
  at: '2026-06-01T10:42:11.512Z',
  agentId: null,
  model: 'claude-opus-4-5-20251101',
  text: '',
  preview: '',
  tool: {
    name: 'Edit',
    input: '{"file_path":"src/webhooks/verify.ts"}',
    result: 'The file has been updated.',
    isError: false,
    durationMs: 140,
  },
  images: [],
};

export const exampleDelta: Delta = {
  room: 'session:9d0e2b1c-0000-4000-8000-000000000001',
  sessionId: '9d0e2b1c-0000-4000-8000-000000000001',
  from: 'k3f9a2c1.41',
  to: 'k3f9a2c1.42',
  at: '2026-06-01T10:42:11.530Z',
  changes: {
    revision: 'k3f9a2c1.42',
    currentStep: 'Editing src/webhooks/verify.ts',
    stats: exampleSummary.stats,
    messages: [exampleMessage],
  },
  trace: {
    seen: 1780310531512.25,
    fact: 1780310531514.5,
    committed: 1780310531518.75,
    emitted: 1780310531519,
  },
};
