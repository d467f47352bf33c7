import { tableName } from './model-names';
import type { ModelPrice, PriceTable } from './price-table';

/** A price that rises for what lies above a threshold. Femto-dollars (1e-15 USD) a token: integers for every known price. */
export interface Rate {
  readonly base: bigint;
  readonly tier: bigint;
}

/** What a model's tokens cost, ready to multiply. */
export interface Rates {
  readonly tierAbove: bigint;
  readonly input: Rate;
  readonly output: Rate;
  readonly cacheWrite5m: Rate;
  readonly cacheWrite1h: Rate;
  readonly cacheRead: Rate;
  /** In thousandths. */
  readonly fast: bigint;
  /** Pico-dollars a search. */
  readonly webSearch: bigint;
}

const defaultTierAbove = 200_000;
/** A stranger's transcript may name any number of models; the memory of look-ups stays bounded. */
const rememberedModels = 5_000;
const remembered = new WeakMap<PriceTable, Map<string, Rates | null>>();

/** Null where the table does not know the model. */
export function ratesOf(model: string, table: PriceTable): Rates | null {
  let known = remembered.get(table);
  if (known === undefined || known.size > rememberedModels) {
    known = new Map<string, Rates | null>();
    remembered.set(table, known);
  }
  const found = known.get(model);
  if (found !== undefined) return found;
  const name = tableName(model, table);
  const price = name === undefined ? undefined : table.models[name];
  const rates = price === undefined ? null : ratesFrom(price);
  known.set(model, rates);
  return rates;
}

function ratesFrom(price: ModelPrice): Rates {
  const input = rate(price.input, price.tier?.input);
  return {
    tierAbove: BigInt(price.tierAbove ?? defaultTierAbove),
    input,
    output: rate(price.output, price.tier?.output),
    cacheWrite5m:
      price.cacheWrite === undefined
        ? scaled(input, 125n, 100n)
        : rate(price.cacheWrite, price.tier?.cacheWrite),
    cacheWrite1h: scaled(input, 2n, 1n),
    cacheRead:
      price.cacheRead === undefined ? scaled(input, 1n, 10n) : rate(price.cacheRead, price.tier?.cacheRead),
    fast: BigInt(Math.round((price.fast ?? 1) * 1e3)),
    webSearch: BigInt(Math.round((price.webSearch ?? 0) * 1e12)),
  };
}

function rate(base: number, tier: number | undefined): Rate {
  return { base: femto(base), tier: femto(tier ?? base) };
}

/** US dollars per million tokens → femto-dollars a token. */
function femto(usdPerMillion: number): bigint {
  return BigInt(Math.round(usdPerMillion * 1e9));
}

function scaled({ base, tier }: Rate, times: bigint, over: bigint): Rate {
  return { base: (base * times) / over, tier: (tier * times) / over };
}
