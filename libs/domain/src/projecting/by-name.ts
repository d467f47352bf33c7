import { stableHash } from '@telltale/contracts';

/** Models, and tools, of a session that are told apart. */
export const keptNames = 200;
/** What the others are called together. */
export const otherNames = '(others)';

/** What is known under each name, with what a batch adds to it. */
export function added<T>(
  known: Readonly<Record<string, T>>,
  tallies: ReadonlyMap<string, { onto(known: T): T }>,
  empty: T,
): Record<string, T> {
  if (tallies.size === 0) return known;
  const sums = new Map(Object.entries(known));
  for (const [key, tally] of tallies) sums.set(key, tally.onto(sums.get(key) ?? empty));
  return Object.fromEntries(sums);
}

interface Kind<T> {
  readonly empty: T;
  readonly add: (a: T, b: T) => T;
  /** More was taken away than was counted under this name: it was counted with the others. */
  readonly isOwed: (sum: T) => boolean;
}

/**
 * Names come from outside. Of too many those with the smallest hashes are told apart, whatever the order they came in;
 * the rest is one sum.
 */
export function addedByName<T>(
  known: Readonly<Record<string, T>>,
  tallies: ReadonlyMap<string, { onto(known: T): T }>,
  { empty, add, isOwed }: Kind<T>,
): Record<string, T> {
  const sums = added(known, tallies, empty);
  const names = Object.keys(sums).filter((name) => name !== otherNames);
  const counted = names.filter((name) => !isOwed(sums[name] as T));
  if (counted.length === names.length && names.length <= keptNames) return sums;
  const kept = new Set(smallestHashes(counted, keptNames));
  const others = names.filter((name) => !kept.has(name)).map((name) => sums[name] as T);
  const told = Object.entries(sums).filter(([name]) => kept.has(name));
  return Object.fromEntries([...told, [otherNames, others.reduce(add, sums[otherNames] ?? empty)]]);
}

function smallestHashes(names: readonly string[], most: number): string[] {
  if (names.length <= most) return [...names];
  return names
    .map((name) => ({ name, hash: stableHash(name) }))
    .sort((a, b) => (a.hash === b.hash ? Number(a.name > b.name) - 0.5 : a.hash < b.hash ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}
