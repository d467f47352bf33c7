export { betterRow, compareRows } from './better-row';
export { decideEntries, type Entry } from './decide-entries';
export { ownerOf, type Claim } from './owner';
export { tokensOf } from './tokens';
