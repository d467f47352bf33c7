import type { Delta, Summary } from '@telltale/contracts';
import { applyToSummary, wholeSummary } from './apply-changes';

/** What the page knows of the fleet. Immutable; a new one per frame at most. */
export interface FleetState {
  readonly sessions: ReadonlyMap<string, Summary>;
  /** Sessions a delta spoke of that were never loaded: their summaries have to be fetched. */
  readonly missing: ReadonlySet<string>;
}

export const emptyFleet: FleetState = { sessions: new Map(), missing: new Set() };

/** Applies deltas in their order. Pure. */
export function applyToFleet(state: FleetState, deltas: readonly Delta[]): FleetState {
  if (deltas.length === 0) return state;
  const sessions = new Map(state.sessions);
  const missing = new Set(state.missing);
  for (const delta of deltas) applyOne(sessions, missing, delta);
  return { sessions, missing };
}

function applyOne(sessions: Map<string, Summary>, missing: Set<string>, { sessionId, changes }: Delta): void {
  if (!changes) return; // refetch: the room asks again for all of it
  if (changes.deleted) {
    sessions.delete(sessionId);
    missing.delete(sessionId);
    return;
  }
  const known = sessions.get(sessionId);
  const next = known ? applyToSummary(known, changes) : wholeSummary(changes);
  if (next) sessions.set(sessionId, next);
  else missing.add(sessionId);
}

/**
 * Adds what a list or a single fetch brought. What deltas keep current is not overwritten by a page that may
 * have been read before them, unless `fresh` says that it was asked for because of that.
 */
export function mergeLoaded(state: FleetState, loaded: readonly Summary[], fresh: boolean): FleetState {
  const sessions = new Map(state.sessions);
  const missing = new Set(state.missing);
  for (const summary of loaded) {
    if (fresh || !sessions.has(summary.id)) sessions.set(summary.id, summary);
    if (fresh) missing.delete(summary.id);
  }
  return { sessions, missing };
}

/** Newest activity first, waiting sessions before all others: they are what a person can do something about. */
export function byAttention(a: Summary, b: Summary): number {
  const waiting = Number(b.status === 'waiting') - Number(a.status === 'waiting');
  if (waiting !== 0) return waiting;
  const [left, right] = [a.lastActivityAt ?? '', b.lastActivityAt ?? ''];
  if (left !== right) return left < right ? 1 : -1;
  return a.id < b.id ? 1 : -1;
}
