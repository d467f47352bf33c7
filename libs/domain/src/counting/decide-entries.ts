import type { UsageRow } from '../observation';
import { betterRow, compareTexts } from './better-row';

/** One API call that counts: the row that stands for it, whole. */
export interface Entry<T extends UsageRow> {
  /** Null where no row of the entry states one. */
  readonly requestId: string | null;
  readonly winner: T;
}

/**
 * Counting rules 1 and 2 over all rows of ONE message key, from whatever file and in whatever order they came.
 *
 * With a non-sidechain row among them, the entries are the distinct request ids of the non-sidechain rows, and a
 * row without one joins the smallest. With sidechain rows only there is one entry. Of rows that count the same the
 * first one given wins. Entries come sorted by request id.
 */
export function decideEntries<T extends UsageRow>(rows: readonly T[]): Entry<T>[] {
  const [first] = rows;
  if (first === undefined) return [];
  if (rows.length === 1) return [{ requestId: first.requestId, winner: first }];
  const main = rows.filter((row) => !row.sidechain);
  if (main.length > 0) return byRequest(main);
  return [{ requestId: smallest(rows), winner: rows.reduce(betterRow) }];
}

function byRequest<T extends UsageRow>(rows: readonly T[]): Entry<T>[] {
  const smallestId = smallest(rows);
  const winners = new Map<string | null, T>();
  for (const row of rows) {
    const entry = row.requestId ?? smallestId;
    const known = winners.get(entry);
    winners.set(entry, known === undefined ? row : betterRow(known, row));
  }
  return [...winners]
    .map(([requestId, winner]) => ({ requestId, winner }))
    .sort((a, b) => compareTexts(a.requestId ?? '', b.requestId ?? ''));
}

function smallest(rows: readonly UsageRow[]): string | null {
  let id: string | null = null;
  for (const { requestId } of rows) {
    if (requestId !== null && (id === null || requestId < id)) id = requestId;
  }
  return id;
}
