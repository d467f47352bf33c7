import type { BatchDraft } from './draft';
import type { Increments } from './increments';
import { isCopy, mergeItems, type Item } from './item';
import type { Owners } from './owners';
import { at } from './sums';

/** An item as it is stored, and what the batch says of it. */
interface Claim {
  readonly before: Item | undefined;
  readonly said: Item | undefined;
}

/** The items that change; their counts go into the increments. */
export function projectItems(
  draft: BatchDraft,
  stored: readonly Item[],
  { owners, increments }: { readonly owners: Owners; readonly increments: Increments },
): Item[] {
  const changed: Item[] = [];
  for (const claims of claimsByKey(draft, stored, owners.isGone).values()) {
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
  stored: readonly Item[],
  isGone: (sessionId: string) => boolean,
): Map<string, Claim[]> {
  const byKey = new Map<string, Claim[]>();
  const known = new Set<string>();
  for (const before of stored) {
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
