import { decodeSource } from '../../testing';
import { openCodeDecoder } from './decoder';
import {
  itemsAfter,
  message,
  messageId,
  part,
  partId,
  session,
  shownAfter,
  started,
  told,
} from './testing/given-elements';

describe('a message', () => {
  const usage = { input: 10, output: 5, reasoning: 3, cache: { read: 100, write: 7 } };
  const answer = { role: 'assistant', providerID: 'anthropic', modelID: 'claude-sonnet-4-5' };

  it('counts what it used: thoughts with the output, and its own price beside ours', () => {
    const [row] = told('usage', message({ ...answer, tokens: usage, cost: 0.5 })).map((one) => one.row);
    expect(row).toMatchObject({ model: 'anthropic/claude-sonnet-4-5', reportedPico: 500_000_000_000n });
    expect(row?.tokens).toEqual({
      input: 10,
      output: 8,
      reasoning: 3,
      cacheRead: 100,
      cacheWrite5m: 7,
      cacheWrite1h: 0,
      total: 125,
    });
    // 10 × $3 + 8 × $15 + 7 × $3.75 + 100 × $0.3 a million
    const { stats } = shownAfter(message({ ...answer, tokens: usage, cost: 0.5 })).summary;
    expect([stats.costUsd, stats.reportedCostUsd]).toEqual([0.00020625, 0.5]);
  });

  it('counts in the end what it states last, in whatever order that comes', () => {
    const empty = { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } };
    const versions = [empty, { ...empty, input: 10 }, usage].map((tokens, n) =>
      message({ ...answer, tokens, cost: n / 4 }),
    );
    for (const order of [versions, [...versions].reverse()]) {
      const { stats } = shownAfter(...order).summary;
      expect([stats.tokens.total, stats.reportedCostUsd, stats.messages]).toEqual([125, 0.5, 1]);
    }
  });

  it.each([
    [{ input: -1 }, 'tokens.input is -1'],
    [{ output: 0.5 }, 'tokens.output is 0.5'],
    [{ cache: { read: 1e10 } }, 'tokens.cache.read is 10000000000'],
  ])('cannot be counted: %j', (tokens, reason) => {
    const { outcomes } = decodeSource(openCodeDecoder, message({ ...answer, tokens }));
    expect(outcomes).toEqual([{ ok: false, reason }]);
  });

  it.each([[{ input: 24, output: 8 }], ['0.5'], [-1], [1e300], [null]])(
    'has no price of its own: %j',
    (cost) => {
      const [row] = told('usage', message({ ...answer, tokens: usage, cost })).map((one) => one.row);
      expect(row).not.toHaveProperty('reportedPico');
    },
  );

  it('tells its error, and an interruption as one', () => {
    const errors = [
      message({ ...answer, error: { name: 'MessageAbortedError', data: { message: 'Aborted.' } } }),
      message({ ...answer, error: { name: 'APIError', data: { message: 'Overloaded' } } }, 'msg_2'),
    ];
    expect(told('error', ...errors).map(({ kind, message: text }) => [kind, text])).toEqual([
      ['interrupted', 'Aborted.'],
      ['APIError', 'Overloaded'],
    ]);
  });

  it('has the texts of its parts, whichever comes first, and is whose it says', () => {
    const texts = [
      part({ type: 'text', text: 'First.' }),
      part({ type: 'text', text: 'Second.' }, `${partId}2`),
    ];
    for (const files of [
      [message({ role: 'user' }), ...texts],
      [...texts, message({ role: 'user' })],
    ]) {
      expect(itemsAfter(...files)).toMatchObject([
        {
          key: `m:${messageId}`,
          kind: 'prompt',
          at: started + 1000,
          preview: 'First.\n\nSecond.',
          counted: true,
        },
      ]);
    }
    expect(shownAfter(...texts, session({})).summary.stats.messages).toBe(0);
  });

  it('has the text it ends with, once', () => {
    const time = { start: started + 2000 };
    const versions = [
      part({ type: 'text', text: 'Fir', time }),
      part({ type: 'text', text: 'First.', time: { ...time, end: started + 3000 } }),
    ];
    for (const order of [versions, [...versions].reverse()])
      expect(itemsAfter(message(answer), ...order)).toMatchObject([{ preview: 'First.' }]);
  });

  it('does not show what the tool wrote in the user’s name', () => {
    const written = [
      part({ type: 'text', text: 'Called the Read tool', synthetic: true }),
      part({ type: 'text', text: 'hidden', ignored: true }),
    ];
    expect(told('assistant', ...written)).toEqual([]);
  });

  it('shows commands and pictures by their names', () => {
    const parts = [
      part({ type: 'subtask', command: 'review', description: 'changes', prompt: 'You are …' }),
      part({ type: 'file', mime: 'image/png', filename: 'cart.png' }),
      part({ type: 'file', mime: 'text/plain', filename: 'a.txt' }),
    ];
    expect(told('assistant', ...parts).map(({ preview }) => preview)).toEqual([
      '/review changes',
      '[cart.png]',
    ]);
  });
});
