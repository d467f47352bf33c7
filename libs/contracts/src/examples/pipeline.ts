import type { Pipeline } from '../rest/pipeline';

const latency = { p50: 4.2, p99: 19.5 };
const latencyMs = {
  appendToFact: latency,
  factToCommit: latency,
  commitToEmit: latency,
  appendToEmit: latency,
};
const rates = { factsPerS: 12.5, bytesPerS: 48_211, deltasPerS: 9 };

export const examplePipeline: Pipeline = {
  services: [
    {
      name: 'ingest',
      instance: 'atlas-4711',
      version: '0.1.0',
      startedAt: '2026-06-01T08:00:00.000Z',
      pid: 4711,
      rssBytes: 143_654_912,
      rates,
      latencyMs,
    },
  ],
  watchers: [
    {
      host: 'atlas',
      version: '0.1.0',
      roots: [{ source: 'claude-code', path: '/home/dev/.claude', present: true }],
      files: 118,
      bytesBehind: 0,
      backfill: { totalBytes: 80_530_636, doneBytes: 80_530_636, done: true },
      content: 'full',
      redaction: 'secrets-1',
      redacted: { total: 2, byRule: { 'github-token': 2 } },
      lastSeenAt: '2026-06-01T10:42:11.512Z',
      silent: false,
    },
  ],
  partitions: [{ partition: 0, owner: 'atlas-4711', sequence: 52_118, lag: 0 }],
  rates,
  latencyMs,
  caughtUp: true,
  quarantined: 0,
  search: { behind: 0, movedAt: '2026-06-01T10:42:11.204Z' },
  deletions: { files: 0, sessions: 0 },
  storage: { log: 214_748_364, objects: 10_485_760, database: 96_468_992 },
};
