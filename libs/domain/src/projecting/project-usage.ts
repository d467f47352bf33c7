import { decideEntries } from '../counting';
import type { BatchDraft } from './draft';
import type { CountedUsage, Increments } from './increments';
import type { Owners } from './owners';
import { at } from './sums';
import { betterCandidate, candidateSlot, type StoredUsage, type UsageCandidate } from './usage-candidate';

export interface Pricing {
  readonly version: string;
  /** Pico-dollars; null where no price is known. */
  priceOf(candidate: UsageCandidate): bigint | null;
}

interface Deciding {
  readonly owners: Owners;
  readonly increments: Increments;
  readonly pricing: Pricing;
}

/** The rows that change; their counts go into the increments. */
export function projectUsage(
  draft: BatchDraft,
  stored: readonly StoredUsage[],
  deciding: Deciding,
): StoredUsage[] {
  const { isGone } = deciding.owners;
  // A row of a deleted session may have counted for another one, whose own row now stands for it.
  for (const row of stored) if (isGone(row.sessionId)) countUsage(deciding.increments, row, -1);
  const living = stored.filter(({ sessionId }) => !isGone(sessionId));
  const before = new Map(living.map((row) => [candidateSlot(row), row]));
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
