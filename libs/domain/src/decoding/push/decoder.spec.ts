import type { Observation } from '../../observation';
import { pushDecoder } from './decoder';
import { decode, end, message, pushedFile, secondsAfterTen, shownOf, summaryOf } from './testing/given-lines';

const usage = {
  input: 100,
  output: 40,
  cacheWrite5m: 10,
  cacheWrite1h: 20,
  cacheRead: 300,
  reasoning: 15,
  total: 470,
};
const announced = {
  kind: 'session',
  at: secondsAfterTen(0),
  user: 'ada',
  title: 'Parcel',
  project: '/srv/support-chat',
  model: 'claude-haiku-4-5-20251001',
};

function told<T extends Observation['type']>(type: T, lines: readonly object[]) {
  return decode(lines).observations.filter(
    (one): one is Extract<Observation, { type: T }> => one.type === type,
  );
}

describe('a pushed session', () => {
  it('is there once it is announced', () => {
    expect(summaryOf(announced)).toMatchObject({
      id: 'push:chat-7',
      nativeId: 'chat-7',
      user: 'ada',
      title: 'Parcel',
      project: { path: '/srv/support-chat', name: 'support-chat' },
      model: 'claude-haiku-4-5-20251001',
      startedAt: secondsAfterTen(0),
      lastActivityAt: secondsAfterTen(0),
      stats: { messages: 0 },
    });
  });

  it('is made by its first message as well', () => {
    expect(summaryOf(message('a', 3))).toMatchObject({
      title: 'text of a',
      user: null,
      startedAt: secondsAfterTen(3),
      stats: { messages: 1, prompts: 1 },
    });
  });

  it('counts prompts, answers, calls and tokens by the classes given', () => {
    const shown = summaryOf(
      announced,
      message('a', 1),
      message('b', 2, {
        role: 'assistant',
        usage,
        tool: { name: 'find_parcel', id: 'c', input: { customer: 7 } },
      }),
      message('c', 3, { role: 'tool', text: 'In the van.', tool: { name: 'find_parcel', id: 'c' } }),
      message('d', 4, { role: 'assistant', model: 'claude-opus-4-6', usage: { ...usage, reasoning: 0 } }),
    );
    expect(shown).toMatchObject({
      models: ['claude-haiku-4-5-20251001', 'claude-opus-4-6'],
      model: 'claude-opus-4-6',
      currentStep: 'text of d',
      stats: {
        messages: 3,
        prompts: 1,
        toolCalls: 1,
        tokens: {
          input: 200,
          output: 80,
          cacheWrite5m: 20,
          cacheWrite1h: 40,
          cacheRead: 600,
          reasoning: 15,
          total: 940,
        },
      },
      tools: [{ name: 'find_parcel', calls: 1, errors: 0, medianMs: 1000 }],
    });
    const perToken = { haiku: [1, 5, 1.25, 2, 0.1], opus: [5, 25, 6.25, 10, 0.5] };
    const cost = (rates: number[]) =>
      [100, 40, 10, 20, 300].reduce((sum, tokens, n) => sum + (tokens * (rates[n] ?? 0)) / 1e6, 0);
    expect(shown.stats.costUsd).toBeCloseTo(cost(perToken.haiku) + cost(perToken.opus), 9);
  });

  it('takes the outcome it is told, until something happens in it', () => {
    const endedAt = secondsAfterTen(5);
    expect(summaryOf(message('a', 1), end(5))).toMatchObject({ status: 'completed', endedAt });
    const failed = { ...end(5, 'failed'), reason: 'The customer left.' };
    expect(summaryOf(message('a', 1), failed)).toMatchObject({
      status: 'failed',
      errors: [{ kind: 'failed', message: 'The customer left.', at: endedAt }],
    });
    const outcomes = (...lines: object[]) =>
      told('registers', lines).flatMap(({ registers }) => registers.outcome?.value ?? []);
    expect(outcomes(message('a', 1), end(5), message('b', 6), end(7, 'failed'))).toEqual([
      'completed',
      'failed',
    ]);
    // A day later time alone would say completed; here it says that the end does not hold any more.
    expect(summaryOf(failed, message('b', 6)).status).toBe('completed');
  });

  it('ends once, and is not reopened by a retry of an earlier message or announcement', () => {
    const shown = shownOf([announced, message('a', 1), end(5)]);
    expect(
      shownOf([
        announced,
        message('a', 1),
        end(5),
        end(6),
        { ...message('a', 7) },
        { ...announced, at: secondsAfterTen(8) },
      ]),
    ).toEqual(shown);
  });

  it('says what is new of it, and keeps what an announcement leaves out', () => {
    const renamed = { kind: 'session', at: secondsAfterTen(9), title: 'Parcel found' };
    expect(summaryOf(announced, message('a', 1), renamed)).toMatchObject({
      title: 'Parcel found',
      user: 'ada',
      lastActivityAt: secondsAfterTen(1),
    });
  });

  it('takes an answer’s result that came with the call, and errors', () => {
    const call = { name: 'search', result: { hits: [] }, isError: true, durationMs: 12.7 };
    const [result] = told('tool-result', [message('a', 1, { role: 'assistant', tool: call })]);
    expect(result).toMatchObject({ isError: true, durationMs: 12, preview: '{"hits":[]}' });
    expect(told('tool-result', [message('a', 1, { role: 'assistant', tool: { name: 'search' } })])).toEqual(
      [],
    );
  });

  it('keeps keys of sessions and messages apart that look alike', () => {
    const keys = (path: string, id: string, tool?: { name: string; id?: string }) => {
      const sink: Observation[] = [];
      const file = { ...pushedFile, path };
      const line = JSON.stringify(message(id, 1, { role: 'assistant', ...(tool ? { tool } : {}) }));
      pushDecoder.decodeLine(
        pushDecoder.initialState(file),
        line,
        file,
        { sequence: 1, line: 0, offset: 0 },
        sink,
      );
      return sink.flatMap((one) => ('key' in one ? one.key : []));
    };
    expect(keys('push:a:b', 'c')).not.toEqual(keys('push:a', 'b:c'));
    expect(keys('push:a', 'x', { name: 't' })).not.toEqual(keys('push:a', 'y', { name: 't', id: 'x' }));
  });
});

describe('what a line may be', () => {
  it.each(['', '  ', '{}', '{"kind":"picture"}', '{"kind":7}'])('nothing: %j', (line) => {
    expect(decode([line])).toMatchObject({ outcomes: [{ ok: true }], observations: [] });
  });

  it.each([
    ['{"kind":"message"', /^not JSON/],
    ['[]', /not a JSON object/],
    [{ kind: 'message', at: 'noon', id: 'a', role: 'user', text: '' }, /^at: /],
    [{ ...message('a', 1), at: '0000-01-01T00:00:00Z' }, /at is no time/],
    [{ ...message('a', 1), role: 'system' }, /^role: /],
    [{ ...message('', 1) }, /^id: /],
    [message('a', 1, { usage: { ...usage, input: -5 } }), /^usage.input/],
    [message('a', 1, { usage: { ...usage, input: 0.5 } }), /^usage.input/],
    [message('a', 1, { usage: { ...usage, cacheRead: 2e9 } }), /usage.cacheRead is 2000000000/],
    [{ ...end(1), status: 'cancelled' }, /^status: /],
  ])('%#: a failure with its reason', (line, reason) => {
    const { outcomes, observations, state } = decode([line]);
    expect(outcomes).toEqual([{ ok: false, reason: expect.stringMatching(reason) as string }]);
    expect([observations, state]).toEqual([[], decode([]).state]);
  });

  it('not in a file of another kind', () => {
    for (const path of ['/home/dev/x.jsonl', 'push:']) {
      const file = { ...pushedFile, path };
      const place = { sequence: 1, line: 0, offset: 0 };
      const outcome = pushDecoder.decodeLine(
        pushDecoder.initialState(file),
        JSON.stringify(message('a', 1)),
        file,
        place,
        [],
      );
      expect(outcome).toEqual({ ok: false, reason: 'the path names no pushed session' });
    }
  });
});
