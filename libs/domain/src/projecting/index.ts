export { BatchDraft, candidateSlot, type UsageCandidate } from './draft';
export { type Item, type ItemKind, type ItemPart, toolDuration } from './item';
export { project, movesOwnership, type Changes, type Pricing, type Slice, type StoredUsage } from './project';
export type { CountedUsage, RollupIncrement, ToolRollupIncrement } from './increments';
export { emptySession, isVisible, type SessionState } from './session-state';
export { viewOf, type DetailView, type SessionView, type SummaryView } from './view';
export { statusOf } from './status';
export { screenshotId } from './screenshots';
export { listedModels, listedName, listedPath, listedText } from './listed';
