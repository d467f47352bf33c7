import shippedPrices from './table/prices.json';

/**
 * Prices of one model in US dollars per million tokens. What is absent the table is silent about. A tier's price
 * holds for the tokens of a class above `tierAbove` in one request.
 */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  /** The 5-minute write. One-hour writes are twice the input price, whatever upstream tables say of them. */
  readonly cacheWrite?: number;
  readonly tierAbove?: number;
  readonly tier?: {
    readonly input?: number;
    readonly output?: number;
    readonly cacheRead?: number;
    readonly cacheWrite?: number;
  };
  /** What a request costs more with `speed: fast`. */
  readonly fast?: number;
  /** US dollars for one web search. */
  readonly webSearch?: number;
}

/** Made by tools/prices/refresh.mjs. */
export interface PriceTable {
  /** Names this content for ever: `<date>.<hash>`. */
  readonly version: string;
  /** The day the prices were taken, YYYY-MM-DD. */
  readonly date: string;
  readonly source: string;
  readonly models: { readonly [model: string]: ModelPrice };
}

/** The table shipped with this build. */
export const priceTable: PriceTable = shippedPrices;
export const priceTableVersion: string = priceTable.version;
