import type { AdminSession } from '../earlier/admin-sessions';
import type { SessionData } from '../earlier/claude-sessions';
import type { SessionLive, StatsLive } from '../earlier/live-stats';
import { withEarlierFields } from '../rest/earlier-fields';
import { exampleSessionList } from './session-parts';
import { exampleSession, exampleSummary } from './sessions';

// Marked as pure: the page's bundle leaves examples out.
export const exampleServedSession = /* @__PURE__ */ withEarlierFields(exampleSession);
export const exampleServedSessionList = {
  ...exampleSessionList,
  items: [/* @__PURE__ */ withEarlierFields(exampleSummary)],
};

const { id, title } = exampleSummary;

export const exampleAdminSession: AdminSession = {
  session_id: 'chat-4711',
  user: 'ada',
  title: 'Where is my parcel?',
  created_at: '2026-06-01T10:00:00.000Z',
  last_activity: '2026-06-01T10:00:03.000Z',
  message_count: 3,
  status: 'running',
};

export const exampleSessionData: SessionData = {
  id,
  sessionId: id,
  title: title ?? '',
  directory: '/home/dev/billing-api',
  projectPath: '/home/dev/billing-api',
  firstPrompt: 'Migrate the webhooks to the new signer',
  messageCount: 18,
  createdAt: 1_780_308_000_000,
  updatedAt: 1_780_310_531_512,
  created: '2026-06-01T10:00:00.000Z',
  modified: '2026-06-01T10:42:11.512Z',
  gitBranch: 'feat/signer',
  isSidechain: false,
};

export const exampleSessionLive: SessionLive = {
  session_id: id,
  message_count: 18,
  tool_usage_count: 21,
  token_count: 966_600,
  cost: 1.234567890123,
  last_activity: '2026-06-01T10:42:11.512Z',
  is_active: true,
};

export const exampleStatsLive: StatsLive = {
  total_messages: 18,
  total_tools: 21,
  total_tokens: 966_600,
  total_cost: 1.234567890123,
  active_sessions: 1,
  last_updated: '2026-06-01T10:42:11.512Z',
};
