import * as fc from 'fast-check';
import type { UsageRow } from '../observation';
import { tokensOf } from '../counting';

type Counts = Partial<Omit<UsageRow['tokens'], 'total'>>;

export function usageRow({
  tokens,
  ...fields
}: Partial<Omit<UsageRow, 'tokens'>> & { tokens?: Counts } = {}): UsageRow {
  return {
    requestId: 'req_1',
    sidechain: false,
    uuid: 'u1',
    agentId: null,
    model: 'claude-opus-4-6',
    speed: null,
    at: 1_000,
    webSearches: 0,
    ...fields,
    tokens: tokensOf({
      input: 0,
      output: 0,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      cacheRead: 0,
      reasoning: 0,
      ...tokens,
    }),
  };
}

/** Rows of one message whose fields collide often: ties are where an order can go wrong. */
export const anyRow: fc.Arbitrary<UsageRow> = fc
  .record({
    requestId: fc.constantFrom(null, 'a', 'b', 'c'),
    sidechain: fc.boolean(),
    uuid: fc.constantFrom('u1', 'u2', 'u3'),
    speed: fc.constantFrom(null, 'standard' as const, 'fast' as const),
    at: fc.integer({ min: 1, max: 3 }),
    output: fc.nat(2),
    input: fc.nat(2),
  })
  .map(({ output, input, ...fields }) => usageRow({ ...fields, tokens: { output, input } }));
