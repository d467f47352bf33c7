import type { Tokens } from '@telltale/contracts';

export const noTokens: Tokens = {
  input: 0,
  output: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheRead: 0,
  reasoning: 0,
  total: 0,
};

/** Completes counts by their total: input + output + both cache writes + cache reads; `reasoning` is part of output. */
export function tokensOf(counts: Omit<Tokens, 'total'>): Tokens {
  const { input, output, cacheWrite5m, cacheWrite1h, cacheRead, reasoning } = counts;
  const total = input + output + cacheWrite5m + cacheWrite1h + cacheRead;
  return { input, output, cacheWrite5m, cacheWrite1h, cacheRead, reasoning, total };
}

export function addTokens(a: Tokens, b: Tokens): Tokens {
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cacheWrite5m: a.cacheWrite5m + b.cacheWrite5m,
    cacheWrite1h: a.cacheWrite1h + b.cacheWrite1h,
    cacheRead: a.cacheRead + b.cacheRead,
    reasoning: a.reasoning + b.reasoning,
    total: a.total + b.total,
  };
}

export function sumTokens(all: Iterable<Tokens>): Tokens {
  let sum = noTokens;
  for (const tokens of all) sum = addTokens(sum, tokens);
  return sum;
}
