import {
  codexEvent,
  codexFileWith,
  codexMeta,
  codexRegisters,
  codexTold,
  codexTurn,
  ofType,
} from '../../testing/given-codex';
import { decodeSource } from '../../testing';
import { codexDecoder } from './decoder';

const figures = { input_tokens: 100, cached_input_tokens: 40, output_tokens: 10, reasoning_output_tokens: 4 };
const count = (total: object, more: object = {}) =>
  codexEvent('token_count', { info: { total_token_usage: total, ...more } });
const rows = (...lines: string[]) => ofType('usage', codexTold([codexMeta(), ...lines]));

describe('usage', () => {
  it('splits what was read from the cache and written to it off the input', () =>
    expect(rows(codexTurn(), count({ ...figures, cache_write_input_tokens: 25 }))[0]?.row).toMatchObject({
      model: 'gpt-5.5',
      speed: null,
      tokens: {
        input: 35,
        cacheRead: 40,
        cacheWrite5m: 25,
        cacheWrite1h: 0,
        output: 10,
        reasoning: 4,
        total: 110,
      },
    }));

  it('never comes below zero, whatever is said to be part of what', () => {
    const odd = { input_tokens: 10, cached_input_tokens: 40, cache_write_input_tokens: 9, output_tokens: 1 };
    expect(rows(count({ ...odd, reasoning_output_tokens: 5 }))[0]?.row.tokens).toMatchObject({
      input: 0,
      cacheRead: 10,
      cacheWrite5m: 0,
      output: 1,
      reasoning: 1,
    });
  });

  it('stands with the message that the call wrote, if it wrote one', () => {
    const more = { ...figures, input_tokens: 300 };
    const said = codexEvent('agent_message', { message: 'Hm.' });
    const told = codexTold([codexTurn(), said, count(figures), count(more)]);
    const [message] = ofType('assistant', told);
    const keys = ofType('usage', told).map(({ messageKey }) => messageKey);
    expect(keys[0]).toBe(message?.key);
    expect(keys[1]).not.toBe(message?.key);
  });

  it('is of no known model before any is named', () =>
    expect(rows(count(figures))[0]?.row.model).toBe('unknown'));

  it('is fast where the thread’s settings say so', () => {
    const settings = (service_tier: string | null) =>
      codexEvent('thread_settings_applied', { thread_settings: { service_tier } });
    const speed = (...lines: string[]) => rows(...lines, count(figures))[0]?.row.speed;
    expect([speed(settings('fast')), speed(settings('priority')), speed(settings('default'))]).toEqual([
      'fast',
      'fast',
      'standard',
    ]);
    expect(speed(settings('fast'), settings(null))).toBe('fast');
  });

  it.each([
    [{ ...figures, input_tokens: -1 }, 'total_token_usage.input_tokens is -1'],
    [{ ...figures, output_tokens: 0.5 }, 'total_token_usage.output_tokens is 0.5'],
    [{ ...figures, cached_input_tokens: 1e14 }, 'total_token_usage.cached_input_tokens is 100000000000000'],
    [{ ...figures, input_tokens: 2e9 }, 'total_token_usage.input_tokens is 2000000000'],
  ])('that is damaged goes to quarantine: %j', (total, reason) => {
    const { outcomes, observations } = decodeSource(
      codexDecoder,
      codexFileWith([count(total), count(figures)]),
    );
    expect(outcomes).toEqual([{ ok: false, reason }, { ok: true }]);
    expect(ofType('usage', observations)).toHaveLength(1);
  });

  it('of a session whose total is beyond a billion is counted on', () => {
    const long = (n: number) => ({ input_tokens: 4e9 + n, output_tokens: n });
    const last = { last_token_usage: { input_tokens: 7, output_tokens: 3 } };
    const told = rows(count(long(0), last), count(long(50), last));
    expect(told.map(({ row }) => row.tokens.total)).toEqual([10, 100]);
  });

  it.each([null, 5, 'x', [], {}, { prompt: 1420, completion: 910 }, { total_token_usage: 'x' }])(
    'of the form %j is none',
    (info) => expect(rows(codexEvent('token_count', { info }))).toEqual([]),
  );
});

describe('limits of the account', () => {
  const limits = (rate_limits: unknown, second = 0) =>
    codexEvent('token_count', { info: null, rate_limits }, second);
  const primary = { used_percent: 15, window_minutes: 300, resets_at: 1_781_902_120 };
  const at = '2026-06-17T22:47:00.000Z';

  it('are what was read last, each window by itself, with when it was read', () => {
    const secondary = { used_percent: 71, window_minutes: 10_080, resets_at: 1_782_336_596 };
    const lines = [
      limits({ limit_id: 'codex', primary, secondary }),
      limits({ primary: { ...primary, used_percent: 16 } }, 9),
    ];
    expect(codexRegisters(lines).rateLimits).toEqual([
      {
        name: 'primary',
        usedPercent: 16,
        windowMinutes: 300,
        resetsAt: '2026-06-19T20:48:40.000Z',
        at: '2026-06-17T22:47:09.000Z',
      },
      { name: 'secondary', usedPercent: 71, windowMinutes: 10_080, resetsAt: '2026-06-24T21:29:56.000Z', at },
    ]);
  });

  it('of a model of its own stand beside', () => {
    const own = limits({ limit_id: 'codex_other', limit_name: 'GPT-5.3-Codex-Spark', primary });
    const names = codexRegisters([limits({ primary }), own]).rateLimits as { name: string }[];
    expect(names.map(({ name }) => name)).toEqual(['GPT-5.3-Codex-Spark primary', 'primary']);
  });

  it('are forgotten where they are said to be none', () =>
    expect(codexRegisters([limits({ primary }), limits({ primary: null })]).rateLimits).toEqual([]));

  it('are told again only when they changed', () =>
    expect(ofType('registers', codexTold([limits({ primary }), limits({ primary }, 30)]))).toHaveLength(1));

  it('of older versions state the seconds that are left', () => {
    const left = limits({ primary: { used_percent: 1, window_minutes: 299, resets_in_seconds: 60 } });
    expect(codexRegisters([left]).rateLimits).toMatchObject([{ resetsAt: '2026-06-17T22:48:00.000Z' }]);
  });

  it.each([
    { primary: { used_percent: 'x' } },
    { primary: { used_percent: -3 } },
    { credits: { has_credits: true }, plan_type: 'team' },
    'x',
    null,
  ])('%j says nothing', (rate_limits) =>
    expect(codexRegisters([limits(rate_limits)]).rateLimits).toBeUndefined(),
  );
});
