export { corpusPlan, turnPlan, type CorpusPlan, type SessionPlan, type TurnPlan } from './plan';
export { corpus, renderCorpus, type Corpus, type TranscriptFile } from './render';
export { TranscriptWriter } from './transcript-writer';
export { countSlowly, type ModelOracle, type Oracle, type SessionOracle } from './oracle';
export { contextOf, decodeFile, testRoot, type DecodedFile } from './decode-file';
export { MemoryReadModel } from './memory-read-model';
export { countQuickly, usageOf, type SessionFigures } from './count-quickly';
