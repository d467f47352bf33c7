import { betterRow } from '../counting';
import type { Place, UsageRow } from '../observation';

/** A usage row with where it stands: a candidate of its message. */
export interface UsageCandidate {
  readonly messageKey: string;
  readonly sessionId: string;
  readonly row: UsageRow;
  readonly place: Place;
}

/** One name for a candidate's slot: of the rows in one slot only the best can ever win. */
export function candidateSlot(candidate: UsageCandidate): string {
  return `${candidate.messageKey}\0${candidate.sessionId}\0${candidate.row.requestId ?? ''}\0${candidate.row.sidechain}`;
}

/** A candidate as it is stored: with what was decided about it. */
export interface StoredUsage extends UsageCandidate {
  /** The session it counts for; null where the row lost. */
  readonly owner: string | null;
  readonly costPico: bigint | null;
  readonly priceVersion: string | null;
}

/** The better of two rows of one slot. */
export function betterCandidate(
  known: UsageCandidate | undefined,
  candidate: UsageCandidate,
): UsageCandidate {
  if (known === undefined) return candidate;
  const winner = betterRow(known.row, candidate.row);
  return winner === known.row ? known : candidate;
}
