import type { Source, Status, Summary } from '@telltale/contracts';
import { sources, statuses } from '../figures/vocabulary';

export interface SessionFilter {
  readonly host: string | null;
  readonly source: Source | null;
  readonly status: Status | 'active' | null;
}
/** As it stands in the address. */
export type FilterParams = { readonly [K in keyof SessionFilter]?: string | undefined };

/** No filter is one object, so that it can be told by identity. */
export const noFilter: SessionFilter = { host: null, source: null, status: null };

/** What the address asks for; what it asks for that does not exist is not asked for. */
export function filterOf({ host, source, status }: FilterParams): SessionFilter {
  const filter: SessionFilter = {
    host: host || null,
    source: sources.find((known) => known === source) ?? null,
    status: status === 'active' ? status : (statuses.find((known) => known === status) ?? null),
  };
  return sameFilter(filter, noFilter) ? noFilter : filter;
}

export function sameFilter(a: SessionFilter, b: SessionFilter): boolean {
  return a.host === b.host && a.source === b.source && a.status === b.status;
}

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
