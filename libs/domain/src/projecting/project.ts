import type { Source } from '@telltale/contracts';
import { decideEntries, ownerOf } from '../counting';
import { betterCandidate, candidateSlot, type BatchDraft, type UsageCandidate } from './draft';
import { Increments, type CountedUsage, type RollupIncrement, type ToolRollupIncrement } from './increments';
import { isCopy, mergeItems, type Item } from './item';
import { mergeSession } from './merge-session';
import { emptyAgent, emptySession, noUsage, type SessionState } from './session-state';
import { addTally, at } from './sums';

/** A candidate as it is stored: with what was decided about it. */
export interface StoredUsage extends UsageCandidate {
  /** The session it counts for; null where the row lost. */
  readonly owner: string | null;
  readonly costPico: bigint | null;
  readonly priceVersion: string | null;
}

/** What is stored about everything a batch touches, read under its locks. */
export interface Slice {
  /** Every claim of every touched key. */
  readonly items: readonly Item[];
  /** Every candidate of every touched message key. */
  readonly usage: readonly StoredUsage[];
  /** The sessions of the batch and of all those claims. */
  readonly sessions: ReadonlyMap<string, SessionState>;
}

export interface Changes {
  readonly items: readonly Item[];
  readonly usage: readonly StoredUsage[];
  readonly sessions: readonly { readonly before: SessionState | undefined; readonly after: SessionState }[];
  readonly rollups: readonly RollupIncrement[];
  readonly toolRollups: readonly ToolRollupIncrement[];
  /** Sessions that the batch deletes: all rows of theirs go, but for the session's own, and for claims that others share. */
  readonly deleted: readonly string[];
  /** Claims of deleted sessions that were met, and are settled with this. */
  readonly removed: readonly { readonly key: string; readonly sessionId: string }[];
  /** Sessions of the batch that are deleted, now or before. */
  readonly gone: readonly string[];
}

export interface Pricing {
  readonly version: string;
  /** Pico-dollars; null where no price is known. */
  priceOf(candidate: UsageCandidate): bigint | null;
}

/** Facts → changes: decides who owns what, which rows win, and by how much each sum moves. */
export function project(draft: BatchDraft, slice: Slice, pricing: Pricing): Changes {
  const increments = new Increments();
  const sessions = mergedSessions(draft, slice);
  const owners = new Owners(sessions);
  const items = projectItems(draft, slice, owners, increments);
  const usage = projectUsage(draft, slice, { owners, increments, pricing });
  const { isGone } = owners;
  const gone = [...draft.sessions.keys()].filter(isGone);
  return {
    items,
    usage,
    sessions: withSums(draft, slice, { sessions, increments }),
    // What a deleted session counted goes with its rows.
    rollups: increments.rollups.filter(({ sessionId }) => !isGone(sessionId)),
    toolRollups: increments.toolRollups.filter(({ sessionId }) => !isGone(sessionId)),
    deleted: gone.filter((id) => slice.sessions.get(id)?.deleted !== true),
    removed: removedClaims(slice, isGone),
    gone,
  };
}

/**
 * Whether ownership of keys shared with other sessions must be decided again: the session now starts earlier
 * than was known, was found to be a fork, or is deleted.
 */
export function movesOwnership(before: SessionState | undefined, said: SessionState): boolean {
  if (before === undefined) return false;
  const after = mergeSession(before, said);
  if (after.deleted !== before.deleted) return true;
  return after.startedAt !== before.startedAt || isForked(after) !== isForked(before);
}

function isForked(state: SessionState): boolean {
  return state.registers.forkedFrom !== undefined;
}

class Owners {
  constructor(private readonly sessions: ReadonlyMap<string, SessionState>) {}

  /** A deleted session claims nothing. */
  readonly isGone = (sessionId: string): boolean => this.sessions.get(sessionId)?.deleted === true;

  of(claimants: readonly string[]): string {
    const [only] = claimants;
    if (claimants.length === 1 && only !== undefined) return only;
    return ownerOf(
      claimants.map((sessionId) => {
        const state = this.sessions.get(sessionId);
        return {
          sessionId,
          startedAt: state?.startedAt || null,
          forked: state !== undefined && isForked(state),
        };
      }),
    );
  }
}

function removedClaims({ items, usage }: Slice, isGone: (sessionId: string) => boolean): Changes['removed'] {
  const claims = [
    ...items.map(({ key, sessionId }) => ({ key, sessionId })),
    ...usage.map(({ messageKey: key, sessionId }) => ({ key, sessionId })),
  ];
  return claims.filter(({ sessionId }) => isGone(sessionId));
}

function mergedSessions(draft: BatchDraft, slice: Slice): Map<string, SessionState> {
  const sessions = new Map(slice.sessions);
  for (const [id, said] of draft.sessions)
    sessions.set(id, mergeSession(sessions.get(id) ?? emptySession(id, said.source), said));
  return sessions;
}

/** An item as it is stored, and what the batch says of it. */
interface Claim {
  readonly before: Item | undefined;
  readonly said: Item | undefined;
}

function projectItems(draft: BatchDraft, slice: Slice, owners: Owners, increments: Increments): Item[] {
  const changed: Item[] = [];
  for (const claims of claimsByKey(draft, slice, owners.isGone).values()) {
    const merged = claims.map(({ before, said }) => ({ before, after: joined(before, said) }));
    const claimants = merged
      .filter(({ after }) => after.used && !isCopy(after))
      .map(({ after }) => after.sessionId);
    const owner = claimants.length > 0 ? owners.of(claimants) : undefined;
    for (const { before, after } of merged) {
      const counted = after.sessionId === owner;
      const decided = after.counted === counted ? after : { ...after, counted };
      if (before !== undefined && sameItem(before, decided)) continue;
      if (before !== undefined) increments.item(before, -1);
      increments.item(decided, 1);
      changed.push(decided);
    }
  }
  return changed;
}

function claimsByKey(
  draft: BatchDraft,
  slice: Slice,
  isGone: (sessionId: string) => boolean,
): Map<string, Claim[]> {
  const byKey = new Map<string, Claim[]>();
  const known = new Set<string>();
  for (const before of slice.items) {
    if (isGone(before.sessionId)) continue;
    const id = `${before.key}\0${before.sessionId}`;
    known.add(id);
    at(byKey, before.key, () => []).push({ before, said: draft.items.get(id) });
  }
  for (const [id, said] of draft.items) {
    if (!known.has(id) && !isGone(said.sessionId))
      at(byKey, said.key, () => []).push({ before: undefined, said });
  }
  return byKey;
}

function joined(before: Item | undefined, said: Item | undefined): Item {
  if (before !== undefined && said !== undefined) return mergeItems(before, said);
  return (before ?? said) as Item;
}

function sameItem(a: Item, b: Item): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify({ ...a, ...b });
}

interface Deciding {
  readonly owners: Owners;
  readonly increments: Increments;
  readonly pricing: Pricing;
}

function projectUsage(draft: BatchDraft, slice: Slice, deciding: Deciding): StoredUsage[] {
  const { isGone } = deciding.owners;
  // A row of a deleted session may have counted for another one, whose own row now stands for it.
  for (const stored of slice.usage) if (isGone(stored.sessionId)) countUsage(deciding.increments, stored, -1);
  const living = slice.usage.filter(({ sessionId }) => !isGone(sessionId));
  const before = new Map(living.map((stored) => [candidateSlot(stored), stored]));
  const byMessage = candidatesByMessage(draft, before, isGone);
  const changed: StoredUsage[] = [];
  for (const candidates of byMessage.values()) {
    for (const [slot, decided] of decide(candidates, deciding)) {
      const known = before.get(slot);
      if (known !== undefined && sameUsage(known, decided)) continue;
      if (known !== undefined) countUsage(deciding.increments, known, -1);
      countUsage(deciding.increments, decided, 1);
      changed.push(decided);
    }
  }
  return changed;
}

function candidatesByMessage(
  draft: BatchDraft,
  before: ReadonlyMap<string, StoredUsage>,
  isGone: (sessionId: string) => boolean,
): Map<string, Map<string, UsageCandidate>> {
  const byMessage = new Map<string, Map<string, UsageCandidate>>();
  for (const [slot, stored] of before) at(byMessage, stored.messageKey, () => new Map()).set(slot, stored);
  for (const [slot, said] of draft.usage) {
    if (isGone(said.sessionId)) continue;
    at(byMessage, said.messageKey, () => new Map()).set(slot, betterCandidate(before.get(slot), said));
  }
  return byMessage;
}

function decide(
  candidates: ReadonlyMap<string, UsageCandidate>,
  { owners, pricing }: Deciding,
): Map<string, StoredUsage> {
  const claimants = [...new Set([...candidates.values()].map((candidate) => candidate.sessionId))];
  const owner = owners.of(claimants);
  // Copies of one row are equal but for their session: the owner's own row shall be the one that counts.
  const entries = [...candidates].sort(
    ([, a], [, b]) => preference(b, owner) - preference(a, owner) || (a.sessionId < b.sessionId ? -1 : 1),
  );
  const winners = new Set(
    decideEntries(entries.map(([slot, { row }]) => ({ ...row, slot }))).map(({ winner }) => winner.slot),
  );
  return new Map(
    entries.map(([slot, candidate]) => {
      const { messageKey, sessionId, row, place } = candidate;
      const wins = winners.has(slot);
      const stored: StoredUsage = {
        messageKey,
        sessionId,
        row,
        place,
        owner: wins ? owner : null,
        costPico: wins ? pricing.priceOf(candidate) : null,
        priceVersion: wins ? pricing.version : null,
      };
      return [slot, stored];
    }),
  );
}

function preference(candidate: UsageCandidate, owner: string): number {
  return candidate.sessionId === owner ? 1 : 0;
}

function sameUsage(a: StoredUsage, b: StoredUsage): boolean {
  return a.row === b.row && a.owner === b.owner && a.costPico === b.costPico;
}

function countUsage(increments: Increments, stored: StoredUsage, sign: 1 | -1): void {
  if (stored.owner === null) return;
  const { agentId, model, at: time, tokens, reportedPico } = stored.row;
  const counted: CountedUsage = {
    owner: stored.owner,
    agentId,
    model,
    at: time,
    tokens,
    costPico: stored.costPico,
    reportedPico,
  };
  increments.usage(counted, sign);
}

function withSums(
  draft: BatchDraft,
  slice: Slice,
  { sessions, increments }: { sessions: Map<string, SessionState>; increments: Increments },
): { before: SessionState | undefined; after: SessionState }[] {
  const touched = new Set([...draft.sessions.keys(), ...increments.sessions.keys()]);
  // What is said of a session after it was deleted changes nothing.
  const changed = [...touched].filter((id) => slice.sessions.get(id)?.deleted !== true);
  return changed.map((id) => {
    const merged = sessions.get(id) ?? emptySession(id, sourceOf(draft, id));
    const tally = merged.deleted === true ? undefined : increments.sessions.get(id);
    const after =
      tally === undefined ? merged : addTally(merged, tally, { usage: noUsage, agent: emptyAgent });
    return { before: slice.sessions.get(id), after };
  });
}

function sourceOf(draft: BatchDraft, id: string): Source {
  return draft.sessions.get(id)?.source ?? 'claude-code';
}
