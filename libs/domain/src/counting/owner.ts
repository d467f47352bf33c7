import { compareTexts } from './better-row';

/** A session in which a key stands. */
export interface Claim {
  readonly sessionId: string;
  /** Its first record's time in epoch milliseconds; null while none is known. */
  readonly startedAt: number | null;
  /** Whether it says of itself that it was forked from another. */
  readonly forked: boolean;
}

/**
 * Counting rule 3: the session a key belongs to. The one that started earliest (an unknown start comes last); on
 * a tie the one not forked, then the smaller id.
 *
 * @throws RangeError without any claim: a key that nobody claims has no owner.
 */
export function ownerOf(claims: readonly Claim[]): string {
  const [first, ...others] = claims;
  if (first === undefined) throw new RangeError('a key without claims has no owner');
  return others.reduce((owner, claim) => (compareClaims(claim, owner) < 0 ? claim : owner), first).sessionId;
}

function compareClaims(a: Claim, b: Claim): number {
  const startA = a.startedAt ?? Number.MAX_VALUE;
  const startB = b.startedAt ?? Number.MAX_VALUE;
  return startA - startB || Number(a.forked) - Number(b.forked) || compareTexts(a.sessionId, b.sessionId);
}
