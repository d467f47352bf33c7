import { Inject, Injectable } from '@nestjs/common';
import {
  sessionFacetsSchema,
  type SessionFacets,
  type SessionFacetsQuery,
  type Status,
} from '@telltale/contracts';
import { listedName } from '@telltale/domain';
import type pg from 'pg';
import { READ_MODEL } from '../connections';
import { listConditions, statusesOf } from './list-filters';
import { allOf, Statement } from './statement';

interface Row {
  readonly source: string;
  readonly host: string;
  readonly status: Status;
  readonly count: number | bigint;
}
type Facet = keyof SessionFacets;
const facets = ['source', 'host', 'status'] as const satisfies readonly Facet[];

/** Counts the sessions behind each choice of the list's filters: in one statement, which is one snapshot. */
@Injectable()
export class SessionFacetCounts {
  constructor(@Inject(READ_MODEL) private readonly readModel: pg.Pool) {}

  async counts(query: SessionFacetsQuery): Promise<SessionFacets> {
    const statement = new Statement();
    const { source: _, host: __, status: ___, ...others } = query;
    const { rows } = await this.readModel.query<Row>(
      // One pass over the sessions; there are few combinations.
      `select s.source, s.host, s.status, count(*) as count from session s
       where ${allOf(listConditions(others, statement))} group by s.source, s.host, s.status`,
      statement.values,
    );
    return sessionFacetsSchema.parse(
      Object.fromEntries(facets.map((facet) => [facet, countsOf(facet, rows, query)])),
    );
  }
}

/** Under all the other filters: its own would leave nothing but what is chosen. */
function countsOf(facet: Facet, rows: readonly Row[], query: SessionFacetsQuery) {
  const counts = new Map<string, number>();
  const others = facets.filter((other) => other !== facet);
  for (const row of rows) {
    if (!others.every((other) => isChosen(other, row, query))) continue;
    counts.set(row[facet], (counts.get(row[facet]) ?? 0) + Number(row.count));
  }
  return [...counts]
    .map(([key, count]) => ({ key, count }))
    .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
}

function isChosen(facet: Facet, row: Row, { source, host, status }: SessionFacetsQuery): boolean {
  switch (facet) {
    case 'source':
      return source === undefined || row.source === source;
    case 'host':
      return host === undefined || row.host === listedName(host);
    case 'status':
      return status === undefined || statusesOf(status).includes(row.status);
  }
}
