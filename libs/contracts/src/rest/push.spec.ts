import {
  pushChatRequestSchema,
  pushKeySchema,
  pushLimits,
  pushMessageSchema,
  pushMessagesSchema,
  pushSessionIdSchema,
  pushSessionRequestSchema,
} from './push';

/** Path and message of the first thing at fault; undefined where all is well. */
function faultOf(value: unknown): string | undefined {
  const parsed = pushMessageSchema.safeParse(value);
  return parsed.success ? undefined : parsed.error.issues[0]?.path.join('.');
}

describe('a pushed message', () => {
  it('is a user’s where nothing else is said', () => {
    expect(pushMessageSchema.parse({ message: 'hi' })).toMatchObject({ message: 'hi', role: 'user' });
    expect(pushMessageSchema.parse({ message: 'hi', tool: null, usage: null, model: null })).toMatchObject({
      tool: undefined,
      usage: undefined,
    });
  });

  it('has a total that follows from its classes', () => {
    const usage = { input: 10, output: 5, cacheRead: 100, reasoning: 3 };
    const { usage: read } = pushMessageSchema.parse({ message: '', role: 'assistant', usage });
    expect(read).toEqual({ ...usage, cacheWrite5m: 0, cacheWrite1h: 0, total: 115 });
  });

  it('names a tool by its name alone, or with more', () => {
    expect(pushMessageSchema.parse({ message: '', role: 'tool', tool: 'search' }).tool).toEqual({
      name: 'search',
    });
  });

  it.each([
    [{}, 'message'],
    [{ message: 5 }, 'message'],
    [{ message: '' }, 'message'],
    [{ message: 'x'.repeat(pushLimits.messageCharacters + 1) }, 'message'],
    [{ message: 'x', role: 'system' }, 'role'],
    [{ message: 'x', role: 'tool' }, 'tool'],
    [{ message: 'x', tool: { name: '' } }, 'tool.name'],
    [{ message: 'x', tool: { name: 't', input: 'x'.repeat(pushLimits.messageCharacters) } }, 'tool.input'],
    [{ message: 'x', usage: { input: -1 } }, 'usage.input'],
    [{ message: 'x', usage: { output: 1.5 } }, 'usage.output'],
    [{ message: 'x', usage: { input: pushLimits.tokens + 1 } }, 'usage.input'],
    [{ message: 'x', usage: { output: 1, reasoning: 2 } }, 'usage.reasoning'],
    [{ message: 'x', usage: { input: 1, output: 1, reasoning: 1, total: 3 } }, 'usage.total'],
    [{ message: 'x', usage: { prompt_tokens: 1 } }, 'usage'],
    [{ message: 'x', idempotencyKey: 'a b' }, 'idempotencyKey'],
    [{ message: 'x', idempotencyKey: '' }, 'idempotencyKey'],
    [{ message: 'x', model: '' }, 'model'],
    [{ message: 'x', at: '2026-01-01T00:00:00Z' }, ''],
  ])('%#: %j is refused at %s', (value, field) => {
    expect(faultOf(value)).toBe(field);
  });

  it('refuses what is nested deeper than any stack, without one', () => {
    const deep = JSON.parse('['.repeat(60_000) + ']'.repeat(60_000)) as unknown;
    expect(faultOf({ message: 'x', tool: { name: 't', input: deep } })).toBe('tool.input');
  });
});

describe('a request', () => {
  it('holds one message or up to a hundred', () => {
    const messages = (count: number) => ({
      messages: Array.from({ length: count }, () => ({ message: 'x' })),
    });
    expect(pushMessagesSchema.safeParse(messages(pushLimits.messages)).success).toBe(true);
    expect(pushMessagesSchema.safeParse(messages(pushLimits.messages + 1)).success).toBe(false);
    expect(pushMessagesSchema.safeParse(messages(0)).success).toBe(false);
    expect(pushChatRequestSchema.safeParse({ message: 'x' }).success).toBe(true);
    expect(pushChatRequestSchema.safeParse(messages(2)).success).toBe(true);
  });

  it('announces a push session and no other', () => {
    expect(pushSessionRequestSchema.safeParse({ source: 'push' }).success).toBe(true);
    expect(pushSessionRequestSchema.safeParse({ source: 'codex' }).success).toBe(false);
    expect(pushSessionRequestSchema.safeParse({ title: 'x'.repeat(501) }).success).toBe(false);
  });
});

describe('ids and keys', () => {
  it.each(['a', '3f1c-9a', 'user@host:thread+1=2~x_y.z', 'x'.repeat(128)])('%s is an id', (id) => {
    expect(pushSessionIdSchema.safeParse(id).success).toBe(true);
  });
  it.each(['', '.', '..', '-a', 'a/b', 'a b', 'a\n', 'ä', 'push:a', 'x'.repeat(129)])('%j is none', (id) => {
    expect(pushSessionIdSchema.safeParse(id).success).toBe(false);
  });
  it('keys take any visible ASCII', () => {
    expect(pushKeySchema.safeParse('a/b?c#"{}').success).toBe(true);
    expect(pushKeySchema.safeParse('a\u00a0').success).toBe(false);
  });
});
