import type { Tokens } from '@telltale/contracts';

/** Sums as Postgres gives them: numeric and bigint as text or number. */
export interface SummedRow {
  readonly messages: string | number;
  readonly calls: string | number;
  readonly input: string | number;
  readonly output: string | number;
  readonly cache_write_5m: string | number;
  readonly cache_write_1h: string | number;
  readonly cache_read: string | number;
  readonly reasoning: string | number;
  readonly cost_pico: string | number;
  readonly priced: string | number;
  readonly unpriced: string | number;
}

/** SQL that sums the columns of counted rows into a {@link SummedRow}. */
export const summedColumns = [
  ...['messages', 'calls', 'input', 'output', 'cache_write_5m', 'cache_write_1h', 'cache_read', 'reasoning'],
  ...['cost_pico', 'priced', 'unpriced'],
]
  .map((column) => `coalesce(sum(${column}), 0)::text as ${column}`)
  .join(', ');

export function tokensOf(row: SummedRow): Tokens {
  const tokens = {
    input: Number(row.input),
    output: Number(row.output),
    cacheWrite5m: Number(row.cache_write_5m),
    cacheWrite1h: Number(row.cache_write_1h),
    cacheRead: Number(row.cache_read),
    reasoning: Number(row.reasoning),
  };
  const { input, output, cacheWrite5m, cacheWrite1h, cacheRead } = tokens;
  return { ...tokens, total: input + output + cacheWrite5m + cacheWrite1h + cacheRead };
}

/** US dollars. Null where there was usage and none of it had a price; 0 where there was none. */
export function costOf(row: SummedRow): number | null {
  return Number(row.priced) === 0 && Number(row.unpriced) > 0 ? null : Number(row.cost_pico) / 1e12;
}
