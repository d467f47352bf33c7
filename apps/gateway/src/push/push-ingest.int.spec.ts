import { messageListSchema, sessionSchema, type Message, type Session } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import * as fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type { TestGateway } from '../testing/test-gateway';
import { startGatewayWithIngest, type GatewayWithIngest } from '../testing/with-ingest';

// What was pushed, as it is shown once the real ingest has projected it.
let gateway: TestGateway;
let running: GatewayWithIngest;

beforeAll(async () => {
  running = await startGatewayWithIngest();
  ({ gateway } = running);
});
afterAll(() => running?.stop());

async function push(path: string, body: object, status = 202): Promise<void> {
  const response = await gateway.fetch(`/api/sessions${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...gateway.bearer('admin') },
    body: JSON.stringify(body),
  });
  if (response.status !== status) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

async function session(nativeId: string): Promise<Session> {
  const { status, body } = await gateway.get(`/api/sessions/push:${nativeId}`);
  expect(status).toBe(200);
  return sessionSchema.parse(body);
}

async function feed(nativeId: string): Promise<Message[]> {
  const { body } = await gateway.get(`/api/sessions/push:${nativeId}/messages?limit=200`);
  return messageListSchema.parse(body).items;
}

/** The facts of a session are read in order: once its end shows, all before it has been read. */
async function ended(nativeId: string): Promise<Session> {
  await push(`/${nativeId}/end`, {});
  return eventually(
    async () => {
      const shown = await session(nativeId);
      expect(shown.status).toBe('completed');
      return shown;
    },
    { timeoutMs: 60_000 },
  );
}

const usage = {
  input: 1000,
  output: 400,
  cacheWrite5m: 10,
  cacheWrite1h: 20,
  cacheRead: 3000,
  reasoning: 150,
};
const model = 'claude-haiku-4-5-20251001';

describe('a pushed session', () => {
  it('is shown with what was said of it', async () => {
    await push('', { session_id: 'chat-1', user: 'ada', title: 'Parcel', project: 'support', model }, 201);
    const long = 'Where is my parcel? '.repeat(500);
    await push('/chat-1/chat', { message: long, idempotencyKey: 'q1' });
    await push('/chat-1/chat', {
      messages: [
        {
          role: 'assistant',
          message: 'Looking.',
          usage,
          tool: { name: 'find', id: 'c1', input: { customer: 7 } },
        },
        { role: 'tool', message: 'In the van.', tool: { name: 'find', id: 'c1' } },
        { role: 'assistant', message: 'It is in the van.', usage },
      ],
    });
    await eventually(async () =>
      expect(await session('chat-1')).toMatchObject({ status: 'running', stats: { messages: 3 } }),
    );
    const shown = await ended('chat-1');
    expect(shown).toMatchObject({
      id: 'push:chat-1',
      nativeId: 'chat-1',
      source: 'push',
      host: 'gateway-host',
      user: 'ada',
      title: 'Parcel',
      project: { name: 'support' },
      model,
      stats: {
        prompts: 1,
        messages: 3,
        toolCalls: 1,
        tokens: {
          input: 2000,
          output: 800,
          cacheWrite5m: 20,
          cacheWrite1h: 40,
          cacheRead: 6000,
          reasoning: 300,
          total: 8860,
        },
      },
      tools: [{ name: 'find', calls: 1 }],
    });
    // 1, 5, 1.25, 2 and 0.10 dollars a million.
    expect(shown.stats.costUsd).toBeCloseTo((2000 + 800 * 5 + 20 * 1.25 + 40 * 2 + 6000 * 0.1) / 1e6, 9);
    expect(shown.endedAt).not.toBeNull();
    expect((await feed('chat-1')).map(({ author, text, tool }) => [author, tool?.result ?? text])).toEqual([
      ['user', long],
      ['assistant', 'Looking.'],
      ['tool', 'In the van.'],
      ['assistant', 'It is in the van.'],
    ]);
  });

  it('is opened by a message after its end, and by no retry of an earlier one', async () => {
    await push('/reopened/chat', { message: 'first', idempotencyKey: 'k1' });
    const before = await ended('reopened');
    await push('/reopened/chat', { message: 'first', idempotencyKey: 'k1' });
    await push('', { session_id: 'reopened' }, 201);
    await push('', { session_id: 'reopened', title: 'Named later' }, 201);
    const after = await eventually(async () => {
      const shown = await session('reopened');
      expect(shown.title).toBe('Named later');
      return shown;
    });
    expect(after).toMatchObject({ status: 'completed', endedAt: before.endedAt, stats: { messages: 1 } });
    await push('/reopened/chat', { message: 'second', idempotencyKey: 'k2' });
    await eventually(async () =>
      expect(await session('reopened')).toMatchObject({
        status: 'running',
        endedAt: null,
        stats: { messages: 2 },
      }),
    );
    await push('/reopened/end', { status: 'failed', reason: 'The line went dead.' });
    await eventually(async () =>
      expect(await session('reopened')).toMatchObject({
        status: 'failed',
        errors: [{ message: 'The line went dead.' }],
      }),
    );
  });
});

describe('texts nobody should send', () => {
  it('are stored and shown, and nothing of them is lost', async () => {
    const odd = 'nul \0, a half \ud800, a mark \u202e and \r\n';
    const names = ['__proto__', 'constructor', odd];
    const deep = JSON.parse('['.repeat(1500) + ']'.repeat(1500)) as unknown;
    const hostile = JSON.parse('{"__proto__":{"polluted":true},"\\u0000":["\\ud800"]}') as unknown;
    await push('', { session_id: 'constructor', user: odd, title: odd, project: odd, model: odd }, 201);
    for (const [n, name] of names.entries()) {
      const tool = { name, id: ['__proto__', 'toString', '>'][n], input: n ? hostile : deep, result: deep };
      const said = { role: 'assistant', message: odd, model: name, usage, tool };
      await push('/constructor/chat', { ...said, idempotencyKey: ['__proto__', 'a/b', '*.>'][n] });
    }
    await push('/constructor/chat', { message: odd.repeat(200), idempotencyKey: 'hasOwnProperty' });
    const shown = await ended('constructor');
    expect(shown.stats).toMatchObject({ messages: 4, toolCalls: 3, tokens: { input: 3000 } });
    expect(shown.tools.map(({ name }) => name).sort()).toEqual(
      ['__proto__', 'constructor', odd.replace('\0', '\u2400').replace('\ud800', '\ufffd')].sort(),
    );
    const listed = await feed('constructor');
    expect(listed.map(({ tool }) => tool?.result?.startsWith('[')).filter(Boolean)).toHaveLength(3);
    const { rows } = await gateway.connections.readModel.query('select reason, excerpt from quarantine');
    expect(rows).toEqual([]);
  });
});

interface Plan {
  readonly message: string;
  readonly role: 'user' | 'assistant' | 'tool';
  readonly tool?: string;
  readonly usage?: { readonly input: number; readonly output: number };
  readonly idempotencyKey: string;
}

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
const count = fc.nat(50_000);
const plan: fc.Arbitrary<Plan[]> = fc
  .array(
    fc.oneof(
      fc.record({ role: fc.constant('user' as const), message: text }),
      fc.record({
        role: fc.constant('assistant' as const),
        message: text,
        usage: fc.record({ input: count, output: count }),
      }),
      fc.record({ role: fc.constant('tool' as const), message: text, tool: fc.constantFrom('find', 'book') }),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((all) => all.map((said, n) => ({ ...said, idempotencyKey: `k${n}` })));

/** Requests of one message or several, some sent again, in another order, several at once. */
const requests = plan.chain((all) => {
  const batch = fc.subarray(all, { minLength: 1 });
  const retries = fc.array(batch, { maxLength: 6 });
  return fc.tuple(fc.constant(all), retries).chain(([messages, again]) => {
    const sent = [...messages.map((one) => [one]), ...again];
    return fc.record({
      messages: fc.constant(messages),
      sent: fc.shuffledSubarray(sent, { minLength: sent.length }),
      atOnce: fc.integer({ min: 1, max: 4 }),
    });
  });
});

async function sendAll(nativeId: string, sent: readonly (readonly Plan[])[], atOnce: number): Promise<void> {
  for (let n = 0; n < sent.length; n += atOnce) {
    const group = sent.slice(n, n + atOnce);
    await Promise.all(group.map((messages) => push(`/${nativeId}/chat`, { messages })));
  }
}

function figuresOf({ stats, tools }: Session) {
  const { prompts, messages, toolCalls, tokens } = stats;
  const calls = Object.fromEntries(tools.map(({ name, calls: times }) => [name, times]));
  return {
    prompts,
    messages,
    toolCalls,
    input: tokens.input,
    output: tokens.output,
    total: tokens.total,
    calls,
  };
}

function expectedOf(messages: readonly Plan[]): ReturnType<typeof figuresOf> {
  const of = (role: string) => messages.filter((one) => one.role === role);
  const sum = (field: 'input' | 'output') =>
    messages.reduce((all, one) => all + (one.usage?.[field] ?? 0), 0);
  const calls: Record<string, number> = {};
  for (const { tool } of of('tool')) if (tool) calls[tool] = (calls[tool] ?? 0) + 1;
  return {
    prompts: of('user').length,
    messages: of('user').length + of('assistant').length,
    toolCalls: of('tool').length,
    input: sum('input'),
    output: sum('output'),
    total: sum('input') + sum('output'),
    calls,
  };
}

describe('the law of pushing', () => {
  it('requests doubled, retried, at once and in any order give the same session', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async ({ messages, sent, atOnce }) => {
        const id = randomUUID();
        await sendAll(id, sent, atOnce);
        const shown = await ended(id);
        expect(figuresOf(shown)).toEqual(expectedOf(messages));
        const said = (await feed(id)).map((one) => one.tool?.result ?? one.text).sort();
        expect(said).toEqual(messages.map(({ message }) => message).sort());
      }),
      { numRuns: 15 },
    );
  }, 300_000);
});
