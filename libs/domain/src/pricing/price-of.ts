import type { UsageRow } from '../observation';
import { priceTable, type PriceTable } from './price-table';
import { ratesOf, type Rate, type Rates } from './rates';

/** `unpriced`: the model is unknown to the table, and shown so; it is never $0 without a word (counting rule 7). */
export type Price =
  { readonly pico: bigint; readonly unpriced?: never } | { readonly unpriced: true; readonly pico?: never };

/** What a price is made of. */
export type PricedUsage = Pick<UsageRow, 'model' | 'speed' | 'tokens' | 'webSearches'>;

/** Messages the tool wrote itself: no API call stands behind them. */
export const syntheticModel = '<synthetic>';

/**
 * What the API charges for one row, in pico-dollars (1e-12 USD), by counting rule 5. Exact: computed in integers
 * and rounded once, half up.
 */
export function priceOf(usage: PricedUsage, table: PriceTable = priceTable): Price {
  if (usage.model === syntheticModel) return { pico: 0n };
  const rates = ratesOf(usage.model, table);
  if (rates === null) return { unpriced: true };
  const thousandths = usage.speed === 'fast' ? rates.fast : 1000n;
  // Femto-dollars times thousandths: a million of these make a pico-dollar.
  const tokens = (tokenCost(usage, rates) * thousandths + 500_000n) / 1_000_000n;
  return { pico: tokens + BigInt(usage.webSearches) * rates.webSearch };
}

function tokenCost({ tokens }: PricedUsage, rates: Rates): bigint {
  const { tierAbove } = rates;
  return (
    tiered(tokens.input, rates.input, tierAbove) +
    tiered(tokens.output, rates.output, tierAbove) +
    tiered(tokens.cacheWrite5m, rates.cacheWrite5m, tierAbove) +
    tiered(tokens.cacheWrite1h, rates.cacheWrite1h, tierAbove) +
    tiered(tokens.cacheRead, rates.cacheRead, tierAbove)
  );
}

/** Each token class has a threshold of its own. */
function tiered(tokens: number, { base, tier }: Rate, above: bigint): bigint {
  if (tokens === 0) return 0n;
  const count = BigInt(tokens);
  return count <= above ? count * base : above * base + (count - above) * tier;
}
