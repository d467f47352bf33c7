export { applyToMessages, applyToSession } from './apply-changes';
export { definedOnly } from './defined-only';
export { mergeChanges } from './merge-changes';
