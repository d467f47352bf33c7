import type { Source, Status, Summary } from '@telltale/contracts';

export interface SessionFilter {
  readonly host: string | null;
  readonly source: Source | null;
  readonly status: Status | 'active' | null;
}

export const noFilter: SessionFilter = { host: null, source: null, status: null };

export function matches(filter: SessionFilter, session: Summary): boolean {
  if (filter.host !== null && session.host !== filter.host) return false;
  if (filter.source !== null && session.source !== filter.source) return false;
  if (filter.status === null) return true;
  if (filter.status === 'active') return session.status === 'running' || session.status === 'waiting';
  return session.status === filter.status;
}

/** As query parameters of `GET /sessions`. */
export function filterQuery(filter: SessionFilter): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}

/**
 * The order that is shown while the pointer rests on the list: rows stay where they are, new ones come on top,
 * and nothing moves away under a click.
 */
export function holdOrder(shown: readonly Summary[], sorted: readonly Summary[]): Summary[] {
  const place = new Map(shown.map((session, i) => [session.id, i]));
  return [...sorted].sort((a, b) => (place.get(a.id) ?? -1) - (place.get(b.id) ?? -1));
}
