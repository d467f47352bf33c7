import { Inject, Injectable } from '@nestjs/common';
import { sessionFacetsSchema, type SessionFacets, type SessionFacetsQuery } from '@telltale/contracts';
import type pg from 'pg';
import { READ_MODEL } from '../connections';
import { listConditions } from './list-filters';
import { allOf, Statement } from './statement';

interface Row {
  readonly facet: keyof SessionFacets;
  readonly key: string;
  readonly count: number | bigint;
}
const facets = ['source', 'host', 'status'] as const satisfies readonly (keyof SessionFacets)[];

/** Counts the sessions behind each choice of the list's filters: in one statement, which is one snapshot. */
@Injectable()
export class SessionFacetCounts {
  constructor(@Inject(READ_MODEL) private readonly readModel: pg.Pool) {}

  async counts(query: SessionFacetsQuery): Promise<SessionFacets> {
    const statement = new Statement();
    const parts = facets.map((facet) => facetSql(facet, query, statement));
    const { rows } = await this.readModel.query<Row>(
      `${parts.join('\nunion all\n')}\norder by facet, count desc, key`,
      statement.values,
    );
    const of = (facet: keyof SessionFacets) =>
      rows.filter((row) => row.facet === facet).map(({ key, count }) => ({ key, count: Number(count) }));
    return sessionFacetsSchema.parse({ source: of('source'), host: of('host'), status: of('status') });
  }
}

function facetSql(facet: keyof SessionFacets, query: SessionFacetsQuery, statement: Statement): string {
  const others = { ...query, [facet]: undefined };
  return `select '${facet}' as facet, s.${facet} as key, count(*) as count
    from session s where ${allOf(listConditions(others, statement))} group by s.${facet}`;
}
