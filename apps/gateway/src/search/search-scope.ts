import type { SearchQueryParameters } from '@telltale/contracts';
import type pg from 'pg';
import { listConditions } from '../sessions/list-filters';
import { allOf, Statement } from '../sessions/statement';

/** Where matches can lie. */
export interface SearchScope {
  /** So few documents that looking at each is the quickest. */
  readonly isNarrow: boolean;
  /** Nothing of these sessions is older or younger, with a day's margin; undefined: any time. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

const anywhere: SearchScope = { isNarrow: false, from: undefined, to: undefined };

const fewSessions = 2_000;
const fewDocuments = 50_000;

type Filters = Omit<SearchQueryParameters, 'q' | 'limit' | 'cursor'>;

export function filtersOf({ q: _, limit: __, cursor: ___, ...filters }: SearchQueryParameters): Filters {
  return filters;
}

/** What the filters leave to search in; undefined where that is nothing. */
export async function scopeOf(pool: pg.Pool, filters: Filters): Promise<SearchScope | undefined> {
  if (Object.values(filters).every((value) => value === undefined)) return anywhere;
  const statement = new Statement();
  const { rows } = await pool.query<ScopeRow>(
    `with matching as materialized (
       select s.id, s.started_at, s.last_activity_at from session s where ${allOf(listConditions(filters, statement))}
     )
     select count(*)::integer as sessions, (min(started_at) - interval '1 day')::text as from,
       (max(last_activity_at) + interval '1 day')::text as to,
       (select coalesce(sum(messages + tool_calls), 0)::float8 from session
        where id in (select id from matching limit ${fewSessions + 1})) as documents
     from matching`,
    statement.values,
  );
  return rows[0] && scopeOfRow(rows[0]);
}

function scopeOfRow({ sessions, documents, from, to }: ScopeRow): SearchScope | undefined {
  if (sessions === 0) return undefined;
  return {
    isNarrow: sessions <= fewSessions && documents <= fewDocuments,
    from: from ?? undefined,
    to: to ?? undefined,
  };
}

interface ScopeRow {
  readonly sessions: number;
  readonly documents: number;
  readonly from: string | null;
  readonly to: string | null;
}
