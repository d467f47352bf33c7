import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { READ_MODEL } from '../../connections';
import { isSession } from '../../sessions/list-filters';
import type { SessionRevision } from '../changes/known-revisions';

const pageSize = 5000;

/** The revisions of all sessions. */
@Injectable()
export class AllRevisions {
  constructor(@Inject(READ_MODEL) private readonly readModel: pg.Pool) {}

  /** In pages by id: none takes long to read. */
  async *pages(): AsyncGenerator<readonly SessionRevision[]> {
    let after: string | undefined = '';
    do {
      const { rows }: pg.QueryResult<SessionRevision> = await this.readModel.query<SessionRevision>({
        name: 'all-revisions',
        text: `select s.id, g.id || '.' || s.revision as revision from generation g, session s
               where ${isSession} and s.id > $1 order by s.id limit $2`,
        values: [after, pageSize],
      });
      yield rows;
      after = rows.length === pageSize ? rows.at(-1)?.id : undefined;
    } while (after !== undefined);
  }
}
