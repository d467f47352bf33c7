import * as fc from 'fast-check';
import { tokensOf } from '../counting';
import { priceOf, priceTable, priceTableVersion, type PriceTable, type PricedUsage } from './index';

const table: PriceTable = {
  version: 'test',
  date: '2026-01-01',
  source: 'test',
  models: {
    plain: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75, fast: 2.5, webSearch: 0.01 },
    tiered: {
      input: 3,
      output: 15,
      cacheRead: 0.3,
      cacheWrite: 3.75,
      tierAbove: 200_000,
      tier: { input: 6, output: 22.5 },
    },
    silent: { input: 3, output: 15, tierAbove: 272_000, tier: { input: 6 } },
  },
};

type Counts = Partial<Omit<PricedUsage['tokens'], 'total'>>;
const none = { input: 0, output: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, reasoning: 0 };
const use = (model: string, counts: Counts, more: Partial<PricedUsage> = {}): PricedUsage => ({
  model,
  speed: null,
  webSearches: 0,
  ...more,
  tokens: tokensOf({ ...none, ...counts }),
});
const usd = (usage: PricedUsage): number => Number(priceOf(usage, table).pico) / 1e12;

describe('the price of a row (rules 5, 7 and 8)', () => {
  it.each<[string, PricedUsage, number]>([
    ['input', use('plain', { input: 1_000_000 }), 3],
    ['output, reasoning being part of it', use('plain', { output: 1_000_000, reasoning: 900_000 }), 15],
    ['5-minute writes', use('plain', { cacheWrite5m: 1_000_000 }), 3.75],
    ['1-hour writes at twice the input price', use('plain', { cacheWrite1h: 1_000_000 }), 6],
    ['reads', use('plain', { cacheRead: 1_000_000 }), 0.3],
    ['the part above the tier', use('tiered', { input: 300_000 }), 0.6 + 0.6],
    ['each class with a threshold of its own', use('tiered', { input: 200_000, output: 200_000 }), 0.6 + 3],
    ['1-hour writes by the tier of the input', use('tiered', { cacheWrite1h: 300_000 }), 1.2 + 1.2],
    ['a class without a tier', use('tiered', { cacheRead: 300_000 }), 0.09],
    ['a tier at another threshold', use('silent', { input: 272_001 }), 0.816006],
    ['writes where the table is silent', use('silent', { cacheWrite5m: 100_000 }), 0.375],
    ['reads where the table is silent', use('silent', { cacheRead: 100_000 }), 0.03],
    ['fast requests', use('plain', { input: 1_000_000 }, { speed: 'fast' }), 7.5],
    [
      'fast requests of a model without a multiplier',
      use('tiered', { input: 100_000 }, { speed: 'fast' }),
      0.3,
    ],
    ['web searches, never multiplied', use('plain', {}, { webSearches: 3, speed: 'fast' }), 0.03],
    ['a long-context model', use('plain[1m]', { input: 1_000_000 }), 3],
  ])('%s', (_, usage, expected) => expect(usd(usage)).toBeCloseTo(expected, 12));

  it('rounds once, half up, to the pico-dollar', () => {
    const odd: PriceTable = { ...table, models: { odd: { input: 0.0000005, output: 0 } } };
    expect(priceOf(use('odd', { input: 1 }), odd)).toEqual({ pico: 1n });
    expect(priceOf(use('odd', { input: 3 }), odd)).toEqual({ pico: 2n });
  });

  it('says so where a model is unknown', () =>
    expect(priceOf(use('nobody-knows', { input: 5 }), table)).toEqual({ unpriced: true }));
  it('charges nothing for what the tool wrote itself', () =>
    expect(priceOf(use('<synthetic>', { input: 5 }), table)).toEqual({ pico: 0n }));

  it('is the sum of its classes, and grows with each', () => {
    const counts = fc.record({
      input: fc.nat(500_000),
      output: fc.nat(500_000),
      cacheWrite5m: fc.nat(500_000),
      cacheWrite1h: fc.nat(500_000),
      cacheRead: fc.nat(500_000),
    });
    const models = fc.constantFrom('plain', 'tiered', 'silent');
    const pico = (model: string, some: Counts): bigint => priceOf(use(model, some), table).pico ?? -1n;
    fc.assert(
      fc.property(models, counts, (model, all) => {
        const parts = Object.entries(all).map(([name, count]) => pico(model, { [name]: count }));
        expect(pico(model, all)).toBe(parts.reduce((a, b) => a + b));
        expect(pico(model, { ...all, output: all.output + 1 })).toBeGreaterThan(pico(model, all));
      }),
    );
  });
});

describe('the shipped table', () => {
  it('names its version by its date', () =>
    expect(priceTableVersion).toBe(`${priceTable.date}.${priceTableVersion.split('.')[1]}`));

  it.each([
    ['claude-opus-4-6', 5],
    ['claude-opus-4-6[1m]', 5],
    ['anthropic/claude-opus-4-6', 5],
    ['claude-opus-4-6-20991231', 5],
    ['us.anthropic.claude-opus-4-20250514-v1:0', 15],
    ['vertex_ai/claude-haiku-4-5@20251001', 1],
    ['Claude-Sonnet-4-5-20250929', 3],
    ['claude-sonnet-4-20250514', 3],
    ['glm-4.7', 0.6],
    ['gpt-5.5', 5],
    ['openai/gpt-5.1-codex-mini', 0.25],
    ['opencode/gpt-5.3-codex', 1.75],
    ['gpt-5.3-codex-spark', 1.75],
    ['opencode/gpt-5.3-codex-spark', 1.75],
    ['gpt-5-codex', 1.25],
    ['codex-mini-latest', 1.5],
    ['gpt-5.6-luna', 0.2],
    ['gemini-2.5-flash', 0.3],
    ['gemini-3-pro', 2],
    ['models/gemini-2.5-pro', 1.25],
    ['github-copilot/claude-sonnet-4.5', 3],
    ['opencode/kimi-k2.5', 0.6],
  ])('knows %s', (model, inputPerMillion) => {
    expect(Number(priceOf(use(model, { input: 100_000 })).pico) / 1e11).toBeCloseTo(inputPerMillion, 9);
  });

  it.each(['', 'claude', 'claude-opus', 'gpt', 'codex-auto-review', '__proto__', 'constructor'])(
    'does not guess at %j',
    (model) => {
      expect(priceOf(use(model, { input: 1 }))).toEqual({ unpriced: true });
    },
  );

  it('takes fast multipliers from where they are stated', () => {
    const fast = (model: string): number =>
      Number(priceOf(use(model, { input: 100_000 }, { speed: 'fast' })).pico) / 1e11;
    expect([fast('claude-opus-4-8'), fast('claude-opus-4-7'), fast('gpt-5.5')]).toEqual([10, 30, 12.5]);
  });

  it('has the tiers of long contexts at 272k where the list states them there', () => {
    const tiers = Object.entries(priceTable.models).filter(([, price]) => price.tierAbove === 272_000);
    expect(tiers.map(([name]) => name)).toEqual(
      expect.arrayContaining(['gpt-5.4', 'gpt-5.5', 'gpt-5.6-sol']),
    );
    const million = priceOf(use('gpt-5.5', { input: 1_000_000 })).pico;
    expect(Number(million) / 1e12).toBeCloseTo(0.272 * 5 + 0.728 * 10, 9);
  });

  it('has only prices that are whole femto-dollars a token', () => {
    for (const price of Object.values(priceTable.models)) {
      for (const usdPerMillion of [price.input, price.output, price.cacheRead ?? 0, price.cacheWrite ?? 0]) {
        expect(Math.abs(usdPerMillion * 1e9 - Math.round(usdPerMillion * 1e9))).toBeLessThan(1e-3);
      }
    }
  });
});
