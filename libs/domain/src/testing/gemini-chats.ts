import * as fc from 'fast-check';
import { splitGeminiChat } from '../decoding/gemini';
import type { SourceFile } from './source-file';

/** One message of a generated chat, as Gemini CLI writes it. */
export type GeminiMessage = { readonly [key: string]: unknown; readonly id: string; readonly type: string };

export interface GeminiSession {
  readonly sessionId: string;
  readonly startTime: string;
  readonly messages: readonly GeminiMessage[];
}

const root = '/home/dev/.gemini';

/** The facts of a chat that is a whole document. */
export function geminiDocument(session: GeminiSession, host = 'atlas', folder = root): SourceFile {
  const lines = splitGeminiChat({ ...session, projectHash: 'p', lastUpdated: session.startTime }) ?? [];
  return {
    ...fileOf(session, 'json', host, folder),
    fact: 'file.replaced',
    lines: lines.map((line) => JSON.stringify(line)),
  };
}

/** The same chat as newer versions write it. */
export function geminiLines(session: GeminiSession, host = 'atlas', folder = root): SourceFile {
  const { messages, ...metadata } = session;
  return {
    ...fileOf(session, 'jsonl', host, folder),
    fact: 'file.appended',
    lines: [
      JSON.stringify({ ...metadata, projectHash: 'p', kind: 'main' }),
      ...messages.flatMap((message) => [
        JSON.stringify(message),
        JSON.stringify({ $set: { lastUpdated: message['timestamp'] } }),
      ]),
    ],
  };
}

function fileOf(
  { sessionId }: GeminiSession,
  extension: string,
  host: string,
  folder: string,
): Omit<SourceFile, 'fact' | 'lines'> {
  const path = `${folder}/tmp/p/chats/session-2026-01-10T02-08-${sessionId.slice(0, 8)}.${extension}`;
  return { source: 'gemini', host, root: folder, path };
}

const start = Date.UTC(2026, 0, 10, 2, 8);
const count = fc.nat(50_000);

const call = fc
  .record({
    id: fc.uuid().map((id) => `read_file-1768010961326-${id.slice(0, 13).replace('-', '')}`),
    name: fc.constantFrom('read_file', 'write_file', 'run_shell_command', 'write_todos'),
    args: fc.record({
      file_path: fc.string(),
      todos: fc.array(
        fc.record({ description: fc.string(), status: fc.constantFrom('pending', 'completed', 'cancelled') }),
        { maxLength: 3 },
      ),
    }),
    status: fc.constantFrom('success', 'error', 'executing'),
  })
  .map((made) => ({
    ...made,
    result: [{ functionResponse: { id: made.id, response: { output: 'done' } } }],
  }));

const tokens = fc
  .tuple(count, count, count, count, count)
  .map(([uncached, cached, output, thoughts, tool]) => ({
    input: uncached + cached,
    cached,
    output,
    thoughts,
    tool,
    total: uncached + cached + output + thoughts + tool,
  }));

const prompt = fc.string().map((text) => ({ type: 'user', content: [{ text }] }));
const answer = fc.record({
  type: fc.constant('gemini'),
  content: fc.string(),
  model: fc.constantFrom('gemini-2.5-flash', 'gemini-2.5-pro'),
  tokens,
  toolCalls: fc.array(call, { maxLength: 3 }),
});
const other = fc.constantFrom(
  { type: 'info', content: 'Update available' },
  { type: 'error', content: 'Quota' },
);

export const geminiSession: fc.Arbitrary<GeminiSession> = fc
  .tuple(
    fc.uuid(),
    fc.nat(1000),
    fc.array(fc.tuple(fc.uuid(), fc.oneof(prompt, answer, other)), { minLength: 1, maxLength: 8 }),
  )
  .map(([sessionId, minute, messages]) => ({
    sessionId,
    startTime: new Date(start + minute * 60_000).toISOString(),
    messages: messages.map(([id, message], n) => ({
      ...message,
      id,
      timestamp: new Date(start + minute * 60_000 + n * 5000).toISOString(),
    })),
  }));

/** Some chats; copies of them in other formats, roots and hosts; one with the history of another before its own. */
export const geminiCorpus: fc.Arbitrary<readonly SourceFile[]> = fc
  .tuple(fc.array(geminiSession, { minLength: 1, maxLength: 3 }), fc.boolean(), fc.boolean(), fc.uuid())
  .map(([sessions, copied, replayed, id]) => {
    const [first] = sessions;
    return [
      ...sessions.map((session, n) => (n % 2 === 0 ? geminiDocument(session) : geminiLines(session))),
      ...(copied && first ? [geminiLines(first, 'other', '/backup/.gemini')] : []),
      ...(replayed && first ? [geminiDocument({ ...first, sessionId: id })] : []),
    ];
  });

/** What a set of chats comes to, counted from their messages by their ids. */
export interface GeminiCount {
  readonly prompts: number;
  readonly answers: number;
  readonly calls: number;
  readonly total: number;
}

/** The slow way: every distinct message once, whatever holds it. */
export function countGemini(sessions: readonly GeminiSession[]): GeminiCount {
  const messages = [...new Map(sessions.flatMap((one) => one.messages).map((m) => [m.id, m])).values()];
  const answers = messages.filter((message) => message.type === 'gemini');
  const calls = new Set(
    answers.flatMap((message) => (message['toolCalls'] as { id: string }[]).map(({ id }) => id)),
  );
  return {
    prompts: messages.filter((message) => message.type === 'user').length,
    answers: answers.length,
    calls: calls.size,
    total: answers.reduce((sum, message) => sum + (message['tokens'] as { total: number }).total, 0),
  };
}
