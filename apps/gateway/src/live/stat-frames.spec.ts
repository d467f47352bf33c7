import { liveStatsFrameSchema, statTypes } from '@telltale/contracts';
import * as fc from 'fast-check';
import { formattedStat, newMessageFrame, statFrames, type StatValues } from './stat-frames';

describe('figures as the cards show them', () => {
  it.each<[number, string]>([
    [0, '0'],
    [262, '262'],
    [999, '999'],
    [1000, '1K'],
    [45_999, '45K'],
    [999_999, '999K'],
    [1_000_000, '1M'],
    [2_999_999_999, '2999M'],
  ])('%d is %s', (value, text) => {
    expect([
      formattedStat('messages', value),
      formattedStat('tools', value),
      formattedStat('tokens', value),
    ]).toEqual([text, text, text]);
  });

  it.each<[number, string]>([
    [0, '$0.00'],
    [0.45, '$0.45'],
    [1234.5, '$1234.50'],
  ])('%d dollars are %s', (value, text) => {
    expect(formattedStat('cost', value)).toBe(text);
  });
});

const counts = fc.nat({ max: 1e12 });
const values: fc.Arbitrary<StatValues> = fc.record({
  messages: counts,
  tools: counts,
  tokens: counts,
  cost: fc.nat({ max: 1e9 }).map((micro) => micro / 1e6),
});
const about = { sessionId: 's1', at: '2026-03-01T10:00:00.000Z' };

describe('frames of figures', () => {
  it('are of those that changed, say by how much, and are what the clients parse', () => {
    fc.assert(
      fc.property(values, values, fc.constantFrom('own', 'stat_update'), (before, now, names) => {
        const frames = statFrames(before, now, { ...about, names });
        const changed = statTypes.filter((type) => before[type] !== now[type]);
        expect(frames.map(({ stat_type }) => stat_type)).toEqual(changed);
        for (const frame of frames) {
          liveStatsFrameSchema.parse(frame);
          const { new_value, delta, animation } = frame.update;
          expect(new_value).toBe(now[frame.stat_type]);
          expect(before[frame.stat_type] + delta).toBeCloseTo(new_value, 6);
          expect(animation === 'increment').toBe(new_value > before[frame.stat_type]);
        }
      }),
    );
  });

  it('are all four where nothing was told, and none where nothing changed', () => {
    const now = { messages: 1, tools: 2, tokens: 3, cost: 0.1 };
    const first = statFrames(undefined, now, { ...about, names: 'stat_update' });
    expect(first.map(({ stat_type, update }) => [stat_type, update.delta, update.animation])).toEqual(
      statTypes.map((type) => [type, 0, 'none']),
    );
    expect(statFrames(now, { ...now }, { ...about, names: 'own' })).toEqual([]);
  });

  it('show no noise behind the cents', () => {
    const [frame] = statFrames(
      { messages: 0, tools: 0, tokens: 0, cost: 0.1 },
      { messages: 0, tools: 0, tokens: 0, cost: 0.3 },
      { ...about, names: 'own' },
    );
    expect(frame?.update.delta).toBe(0.2);
  });
});

describe('a message', () => {
  const message = { id: 'm1', author: 'assistant' as const, at: null, preview: 'Hello' };

  it('is shown with its preview, a tool call with what it was told', () => {
    expect(newMessageFrame('s1', message, about.at)).toEqual({
      type: 'new_message',
      session_id: 's1',
      message: { uuid: 'm1', author: 'assistant', timestamp: about.at, preview: 'Hello' },
    });
    const tool = { name: 'Edit', input: null, result: 'x', isError: false, durationMs: 1 };
    expect(newMessageFrame('s1', { ...message, preview: '', tool }, about.at)?.message).toMatchObject({
      preview: '',
      tool_used: 'Edit',
    });
  });

  it('is not shown before there is something to show', () => {
    expect(newMessageFrame('s1', { ...message, preview: '' }, about.at)).toBeUndefined();
  });
});
