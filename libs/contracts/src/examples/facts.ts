import type { PushedLine } from '../facts/pushed';
import { exampleTokens } from './sessions';

export const exampleFact = {
  specversion: '1.0',
  id: 'f3a1c2d4e5b60718',
  source: '/watchers/atlas',
  type: 'telltale.file.appended.v1',
  time: '2026-06-01T10:42:11.512Z',
  path: '/home/dév/.claude/projects/-home-dev 100%/9d0e2b1c.jsonl',
  root: '/home/dév/.claude',
  generation: 'g7',
  from: 524288,
  to: 1048576,
  part: '2/3',
  identity: '2049:131:9f8e7d6c5b4a3921:256',
  tail: '0011223344556677',
  seen: 1780310531512.25,
} as const;

export const examplePushedLines: readonly PushedLine[] = [
  {
    kind: 'session',
    at: '2026-06-01T10:00:00.000Z',
    user: 'ada',
    title: 'Where is my parcel?',
    project: 'support-chat',
    model: 'claude-haiku-4-5-20251001',
  },
  {
    kind: 'message',
    at: '2026-06-01T10:00:01.000Z',
    id: 'msg-1',
    role: 'user',
    text: 'Where is my parcel?',
  },
  {
    kind: 'message',
    at: '2026-06-01T10:00:02.500Z',
    id: 'msg-2',
    role: 'assistant',
    text: 'Let me look.',
    model: 'claude-haiku-4-5-20251001',
    usage: { ...exampleTokens, reasoning: 0 },
    tool: { name: 'find_parcel', id: 'call-1', input: { customer: 7 } },
  },
  {
    kind: 'message',
    at: '2026-06-01T10:00:03.000Z',
    id: 'msg-3',
    role: 'tool',
    text: 'In the van.',
    tool: { name: 'find_parcel', id: 'call-1', isError: false, durationMs: 480 },
  },
  {
    kind: 'end',
    at: '2026-06-01T10:01:00.000Z',
    id: 'end-1',
    status: 'failed',
    reason: 'The customer left.',
  },
];
