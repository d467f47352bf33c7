export { priceOf, syntheticModel, type Price, type PricedUsage } from './price-of';
export { priceTable, priceTableVersion, type ModelPrice, type PriceTable } from './price-table';
