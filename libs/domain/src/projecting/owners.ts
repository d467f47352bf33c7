import { ownerOf } from '../counting';
import { mergeSession } from './merge-session';
import type { SessionState } from './session-state';

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

/** Who owns keys that several sessions claim. */
export class Owners {
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

function isForked(state: SessionState): boolean {
  return state.registers.forkedFrom !== undefined;
}
