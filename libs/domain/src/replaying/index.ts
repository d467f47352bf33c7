export { bodyLines, type BodyLine } from './body-lines';
export { FileReading, type FileFact, type ReadRecord } from './file-reading';
export { fileName, kinOf, type KnownFile } from './kin-files';
export { ToldRecords, type ToldFile } from './told-records';
export { Replay, type ReplayParts } from './replay';
export type { CountedItem } from './figures-over-time';
