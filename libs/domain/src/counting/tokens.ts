import type { Tokens } from '@telltale/contracts';

/** Completes counts by their total: input + output + both cache writes + cache reads; `reasoning` is part of output. */
export function tokensOf(counts: Omit<Tokens, 'total'>): Tokens {
  const { input, output, cacheWrite5m, cacheWrite1h, cacheRead, reasoning } = counts;
  const total = input + output + cacheWrite5m + cacheWrite1h + cacheRead;
  return { input, output, cacheWrite5m, cacheWrite1h, cacheRead, reasoning, total };
}
