import type { UsageRow } from '../observation';

/**
 * Counting rule 2: the better of two rows of one entry. Non-sidechain, then the larger token total, then the row
 * that states `speed`, then the earlier timestamp, then the smaller uuid. What is still equal is ordered by its
 * content, so that the order of arrival never decides; rows equal in everything count the same, and `a` is returned.
 *
 * Associative and commutative over content: rows may be reduced in any grouping before they are stored.
 */
export function betterRow<T extends UsageRow>(a: T, b: T): T {
  return compareRows(a, b) <= 0 ? a : b;
}

/** Negative where `a` is the better row, positive where `b` is, 0 where they count the same. */
export function compareRows(a: UsageRow, b: UsageRow): number {
  return (
    Number(a.sidechain) - Number(b.sidechain) ||
    b.tokens.total - a.tokens.total ||
    Number(a.speed === null) - Number(b.speed === null) ||
    a.at - b.at ||
    compareTexts(a.uuid, b.uuid) ||
    compareContent(a, b)
  );
}

/** By code units: the same on every machine, unlike a locale's order. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function compareContent(a: UsageRow, b: UsageRow): number {
  return compareTexts(contentOf(a), contentOf(b));
}

function contentOf(row: UsageRow): string {
  const { input, output, cacheWrite5m, cacheWrite1h, cacheRead, reasoning } = row.tokens;
  return JSON.stringify([
    row.requestId,
    row.model,
    row.speed,
    row.agentId,
    row.webSearches,
    String(row.reportedPico ?? ''),
    [input, output, cacheWrite5m, cacheWrite1h, cacheRead, reasoning],
  ]);
}
