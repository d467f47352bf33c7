import type { PushedLine } from '@telltale/contracts';
import * as fc from 'fast-check';
import { MemoryReadModel } from '../../../testing/memory-read-model';
import type { DecoderState, LineOutcome } from '../../decoder';
import type { FileContext, Observation } from '../../../observation';
import { pushDecoder } from '../decoder';

export const sessionId = 'push:chat-7';
export const pushedFile: FileContext = {
  source: 'push',
  host: 'gateway-host',
  path: sessionId,
  root: '',
  fact: 'session.reported',
};

export const secondsAfterTen = (second: number) =>
  new Date(Date.UTC(2026, 5, 1, 10, 0, second)).toISOString();

type Message = Extract<PushedLine, { kind: 'message' }>;

export function message(id: string, second: number, fields: Partial<Message> = {}): Message {
  return { kind: 'message', at: secondsAfterTen(second), id, role: 'user', text: `text of ${id}`, ...fields };
}

export function end(second: number, status: 'completed' | 'failed' = 'completed', id = `end-${second}`) {
  return { kind: 'end', at: secondsAfterTen(second), id, status } as const;
}

export interface Decoded {
  readonly observations: Observation[];
  readonly outcomes: LineOutcome[];
  readonly state: DecoderState;
}

/** Lines (or raw text) through the decoder, as one file. The state goes through JSON before every `cut`-th line. */
export function decode(lines: readonly (object | string)[], cut = 0): Decoded {
  let state = pushDecoder.initialState(pushedFile);
  const observations: Observation[] = [];
  let offset = 0;
  const outcomes = lines.map((line, n) => {
    if (cut > 0 && n % cut === 0) state = JSON.parse(JSON.stringify(state)) as DecoderState;
    const text = typeof line === 'string' ? line : JSON.stringify(line);
    const place = { sequence: 1, line: n, offset };
    offset += text.length + 1;
    return pushDecoder.decodeLine(state, text, pushedFile, place, observations);
  });
  return { observations, outcomes, state };
}

/** All that is shown of a session of these lines, or of several logs of it. */
export function shownOf(...logs: readonly (readonly (object | string)[])[]) {
  const model = new MemoryReadModel();
  for (const log of logs) model.apply(decode(log).observations);
  return model.shown() as {
    sessions: { summary: Record<string, any>; detail: Record<string, any> }[]; // eslint-disable-line @typescript-eslint/no-explicit-any -- a test looks into it
    items: unknown[];
    rollups: unknown[];
  };
}

export function summaryOf(...lines: readonly object[]) {
  const [session] = shownOf(lines).sessions;
  if (!session) throw new Error('there is no session');
  return { ...session.summary, ...session.detail };
}

const count = fc.nat(100_000);
const usage = fc
  .tuple(count, count, count, count, count, count)
  .map(([input, output, cacheWrite5m, cacheWrite1h, cacheRead, reasoning]) => ({
    input,
    output,
    cacheWrite5m,
    cacheWrite1h,
    cacheRead,
    reasoning: Math.min(reasoning, output),
    total: input + output + cacheWrite5m + cacheWrite1h + cacheRead,
  }));
const model = fc.constantFrom('claude-opus-4-6', 'claude-haiku-4-5-20251001', 'a-model-of-ours');
const text = fc.string({ unit: 'binary', maxLength: 40 });
const toolName = fc.constantFrom('search', 'find_parcel', '__proto__');

/** What a message says beside its id and its time. */
const said: fc.Arbitrary<Partial<Message>> = fc.oneof(
  fc.record({ role: fc.constant('user' as const), text }),
  fc.record({ role: fc.constant('assistant' as const), text, model, usage }),
  fc.record({
    role: fc.constant('assistant' as const),
    text,
    model,
    usage,
    tool: fc.record({
      name: fc.constant('search'),
      id: fc.constantFrom('c1', 'c2', 'c3'),
      input: fc.jsonValue(),
    }),
  }),
  fc.record({
    role: fc.constant('tool' as const),
    text,
    model,
    tool: fc.record({ name: toolName, durationMs: fc.nat(5000), isError: fc.boolean() }),
  }),
);

/** Messages of one session, each with a key of its own and a model where it counts; times are the log's to give. */
export const messages: fc.Arbitrary<Message[]> = fc
  .array(said, { minLength: 1, maxLength: 12 })
  .map((all) => all.map((fields, n) => message(`k${n}`, 0, fields)));

/** The lines in this order, a second between them. */
export function inTime<T extends object>(lines: readonly T[]): (T & { at: string })[] {
  return lines.map((line, n) => ({ ...line, at: secondsAfterTen(n + 1) }));
}
