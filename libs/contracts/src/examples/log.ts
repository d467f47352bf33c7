import type { Quarantined } from '../rest/quarantine';
import type { SearchItem } from '../rest/search';
import type { ProvenanceItem } from '../rest/session-parts';
import { exampleSummary } from './sessions';

export const exampleSearchItem: SearchItem = {
  sessionId: exampleSummary.id,
  messageId: 't:toolu_01',
  at: '2026-06-01T10:42:11.512Z',
  author: 'tool',
  snippet: '… rotate the signing key before the dry run …',
};

export const exampleProvenanceItem: ProvenanceItem = {
  figure: 'tokens.output',
  value: 512,
  file: '/home/dev/.claude/projects/-home-dev-billing-api/9d0e2b1c.jsonl',
  host: 'atlas',
  from: 524_288,
  to: 525_911,
  record: 'msg_01',
  priceVersion: null,
  verdict: 'counted',
};

export const exampleQuarantined: Quarantined = {
  sequence: 52_118,
  line: 3,
  file: 'claude-code.atlas.3f1c9e0b7a5d2468',
  path: '/home/dev/.claude/projects/-home-dev-billing-api/9d0e2b1c.jsonl',
  host: 'atlas',
  source: 'claude-code',
  reason: 'The line is not valid JSON.',
  excerpt: '{"type":"assistant","mess',
  at: '2026-06-01T10:42:11.512Z',
};
