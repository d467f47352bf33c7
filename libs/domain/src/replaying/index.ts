export { fileName, kinOf, type KnownFile } from './kin-files';
export { ToldRecords, type ToldFile } from './told-records';
export { Replay, type ReplayParts } from './replay';
export type { CountedItem } from './figures-over-time';
