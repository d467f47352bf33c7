import { Inject, Injectable } from '@nestjs/common';
import { mostCounted, type Pipeline } from '@telltale/contracts';
import type pg from 'pg';
import { READ_MODEL } from '../connections';

interface Row {
  readonly behind: number | bigint;
  readonly moved_at: Date | null;
  readonly files: number | bigint;
  readonly sessions: number | bigint;
}

const atMost = (rows: string) => `(select count(*) from (${rows} limit ${mostCounted}) counted)`;

/**
 * The same conditions by which ingest finds what there is to do: files whose facts told of deleted sessions behind their
 * last tombstone, or before it and not erased yet; deleted sessions whose claims nobody else has been given yet.
 */
const deleted = 'array(select id from session where deleted)';
const question = `
  select
    ${atMost(`select 1 from search_checkpoint c join search_queue q on q.partition = c.partition and q.id > c.position`)} as behind,
    (select max(moved_at) from search_checkpoint) as moved_at,
    ${atMost(`select 1 from file_state f where f.sessions && ${deleted}
      union all
      select 1 from file_state f where f.tombstone is not null and f.erased is distinct from f.tombstone
        and not f.sessions && ${deleted} and (f.entombed = '{}' or f.entombed && ${deleted})`)} as files,
    ${atMost(`select 1 from session s where s.deleted and (exists (select 1 from item where session_id = s.id)
      or exists (select 1 from usage where session_id = s.id))`)} as sessions`;

/** What goes on behind the log's projection: the search, and what is left to do of deletions. */
@Injectable()
export class BehindTheLog {
  constructor(@Inject(READ_MODEL) private readonly readModel: pg.Pool) {}

  async state(): Promise<Pick<Pipeline, 'search' | 'deletions'>> {
    const { rows } = await this.readModel.query<Row>({ name: 'behind-the-log', text: question });
    const [row] = rows;
    return {
      search: { behind: Number(row?.behind ?? 0), movedAt: row?.moved_at?.toISOString() ?? null },
      deletions: { files: Number(row?.files ?? 0), sessions: Number(row?.sessions ?? 0) },
    };
  }
}
