import type { AnalyticsSummary } from '../rest/analytics';
import type { SessionFacets } from '../rest/session-facets';
import type { SessionList } from '../rest/session-list';
import type { Timeline } from '../rest/session-parts';
import { exampleSession, exampleSummary, exampleTokens } from './sessions';

export const exampleSessionList: SessionList = {
  items: [exampleSummary],
  total: 1,
  nextCursor: null,
  revision: 'k3f9a2c1.f.1207',
};

export const exampleFacets: SessionFacets = {
  source: [{ key: 'claude-code', count: 1 }],
  host: [{ key: 'atlas', count: 1 }],
  status: [{ key: 'running', count: 1 }],
};

export const exampleTimeline: Timeline = {
  bucket: 'hour',
  points: [
    {
      at: '2026-06-01T10:00:00.000Z',
      tokens: exampleTokens,
      costUsd: 1.234567890123,
      messages: 18,
      toolCalls: 21,
    },
  ],
};

export const exampleToolList = { items: exampleSession.tools };
export const exampleObjectiveList = { items: exampleSession.objectives, completed: 1, total: 2 };
export const exampleAgentList = { items: exampleSession.agents };

export const exampleScreenshotList = {
  items: [
    {
      id: 's3f1c9e0b7a5d246',
      filename: '003-checkout.png',
      label: 'checkout',
      at: '2026-06-01T10:20:00.000Z',
      step: 3,
      bytes: 48_211,
      width: 1280,
      height: 720,
      url: '/api/screenshots/s3f1c9e0b7a5d246?v=9f8e7d6c5b4a',
    },
  ],
};

export const exampleAnalytics: AnalyticsSummary = {
  groups: [
    {
      key: '2026-06-01',
      sessions: 1,
      messages: 18,
      toolCalls: 21,
      tokens: exampleTokens,
      costUsd: 1.234567890123,
    },
  ],
  total: { sessions: 1, messages: 18, toolCalls: 21, tokens: exampleTokens, costUsd: 1.234567890123 },
};
