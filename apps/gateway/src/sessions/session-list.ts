import { Inject, Injectable } from '@nestjs/common';
import type { Role, SessionList, SessionListQuery, Summary } from '@telltale/contracts';
import type pg from 'pg';
import { READ_MODEL } from '../connections';
import { version } from '../version';
import { encodeCursor } from './cursor';
import { fingerprint } from './etag';
import { listConditions } from './list-filters';
import { listOrder } from './list-order';
import { revisionText } from './revisions';
import { allOf, Statement } from './statement';

interface Row {
  readonly generation: string;
  readonly fleet: number | bigint;
  readonly total: number | bigint;
  readonly page: readonly { summary: Omit<Summary, 'revision'>; revision: string; sorted: string | null }[];
}

@Injectable()
export class SessionLists {
  constructor(@Inject(READ_MODEL) private readonly readModel: pg.Pool) {}

  /** The page, and the fleet's revision in the same snapshot: one statement is one snapshot. */
  async page(query: SessionListQuery): Promise<Omit<SessionList, 'revision'> & { readonly fleet: string }> {
    const statement = new Statement();
    const where = listConditions(query, statement);
    const order = listOrder(query, statement);
    const limit = statement.bind(query.limit + 1);
    const part = (behind: string, index: number) =>
      `(select ${index} as part, s.id, ${order.column}::text as sorted, row_number() over (order by ${order.orderBy}) as place
        from session s where ${allOf([...where, behind])} order by ${order.orderBy} limit ${limit})`;
    // Which sessions, and how many, is asked of an index alone; only those of the page are read.
    const { rows } = await this.readModel.query<Row>(
      `with page as (
         select id, sorted, row_number() over (order by part, place) as place
         from (${order.behind.map(part).join(' union all ')}) parts order by part, place limit ${limit}
       )
       select g.id as generation, f.revision as fleet,
         (select count(*) from session s where ${allOf(where)}) as total,
         (select coalesce(json_agg(json_build_object('summary', s.summary, 'revision', s.revision::text, 'sorted', p.sorted)
                                   order by p.place), '[]') from page p join session s on s.id = p.id) as page
       from generation g, fleet f`,
      statement.values,
    );
    const row = rows[0];
    if (!row) throw new Error('the read model has no generation: its migration did not finish');
    return {
      items: row.page.slice(0, query.limit).map(({ summary, revision }) => ({
        ...summary,
        revision: revisionText(row.generation, revision),
      })),
      total: Number(row.total),
      nextCursor: nextCursor(row, query, order.name),
      fleet: revisionText(row.generation, row.fleet),
    };
  }
}

function nextCursor(row: Row, query: SessionListQuery, order: string): string | null {
  const last = row.page[query.limit - 1];
  return last && row.page.length > query.limit ? encodeCursor([order, last.sorted, last.summary.id]) : null;
}

/**
 * Everything the answer depends on: the fleet's revision rises with every commit that changes a session, be it by
 * a record, the status clock or a price; our version stands for the shape of the answer.
 */
export function listRevision(fleet: string, query: SessionListQuery, role: Role): string {
  return fingerprint(version, fleet, role, Object.entries(query).sort());
}
