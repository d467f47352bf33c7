import type { Source } from '@telltale/contracts';
import type { BatchDraft } from './draft';
import { Increments, type RollupIncrement, type ToolRollupIncrement } from './increments';
import type { Item } from './item';
import { mergeSession } from './merge-session';
import { Owners } from './owners';
import { projectItems } from './project-items';
import { projectUsage, type Pricing } from './project-usage';
import { emptyAgent, emptySession, noUsage, type SessionState } from './session-state';
import { addTally } from './sums';
import { toldItems, type ToldItem } from './told-items';
import type { StoredUsage } from './usage-candidate';

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
  /** What clients are told of items: those that change, and those that now used more or less. */
  readonly told: readonly ToldItem[];
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

/** Facts → changes: decides who owns what, which rows win, and by how much each sum moves. */
export function project(draft: BatchDraft, slice: Slice, pricing: Pricing): Changes {
  const increments = new Increments();
  const sessions = mergedSessions(draft, slice);
  const owners = new Owners(sessions);
  const items = projectItems(draft, slice.items, { owners, increments });
  const usage = projectUsage(draft, slice.usage, { owners, increments, pricing });
  const { isGone } = owners;
  const gone = [...draft.sessions.keys()].filter(isGone);
  return {
    items,
    usage,
    told: toldItems(slice, { items, usage }, isGone),
    sessions: withSums(draft, slice, { sessions, increments }),
    // What a deleted session counted goes with its rows.
    rollups: increments.rollups.filter(({ sessionId }) => !isGone(sessionId)),
    toolRollups: increments.toolRollups.filter(({ sessionId }) => !isGone(sessionId)),
    deleted: gone.filter((id) => slice.sessions.get(id)?.deleted !== true),
    removed: removedClaims(slice, isGone),
    gone,
  };
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
