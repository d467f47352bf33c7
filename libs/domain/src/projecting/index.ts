export { BatchDraft } from './draft';
export {
  countedColumns,
  countedOfRecord,
  usageColumns,
  usageOfRecord,
  type CountedRecord,
  type UsageRecord,
} from './usage-record';
export { candidateSlot, type StoredUsage, type UsageCandidate } from './usage-candidate';
export { type Item, type ItemKind, type ItemPart, toolDuration } from './item';
export { project, type Changes, type Slice } from './project';
export type { MessageUsage, ToldItem } from './told-items';
export type { Pricing } from './project-usage';
export { movesOwnership } from './owners';
export type { CountedUsage, RollupIncrement, ToolRollupIncrement } from './increments';
export { emptySession, isVisible, type SessionState } from './session-state';
export { viewOf, type DetailView, type SessionView, type SummaryView } from './view';
export { statusOf } from './status';
export { screenshotId } from './screenshots';
export { listedModels, listedName, listedPath, listedText } from './listed';
