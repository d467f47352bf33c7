import type { Observation } from '../../observation';
import { geminiDecoder } from './decoder';

const root = '/home/dev/.gemini';
const file = {
  source: 'gemini',
  host: 'atlas',
  root,
  path: `${root}/tmp/p/chats/session-1.jsonl`,
  fact: 'file.appended',
} as const;

it('reads a line that sets more messages than a call takes arguments', () => {
  const messages = Array.from({ length: 60_000 }, (_, n) => ({
    id: `${n}`,
    type: 'gemini',
    content: 'x',
    timestamp: '2026-01-10T02:08:26.108Z',
  }));
  const line = JSON.stringify({ sessionId: 's', $set: { messages } });
  const sink: Observation[] = [];
  const place = { sequence: 1, line: 0, offset: 0 };
  const outcome = geminiDecoder.decodeLine(geminiDecoder.initialState(file), line, file, place, sink);
  expect(outcome).toEqual({ ok: true });
  expect(sink.filter(({ type }) => type === 'assistant')).toHaveLength(messages.length);
});
