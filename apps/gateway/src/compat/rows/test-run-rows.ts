import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { READ_MODEL } from '../../connections';
import { isSession } from '../../sessions/list-filters';

export interface TestRunRow {
  readonly id: string;
  /** The folder's name, the run's id for its dashboard. */
  readonly folder: string;
  readonly revision: string;
  /** File names of its screenshots. */
  readonly pictures: readonly string[];
}

/** Test runs and their pictures. */
@Injectable()
export class TestRunRows {
  constructor(@Inject(READ_MODEL) private readonly readModel: pg.Pool) {}

  async of(ids: readonly string[]): Promise<readonly TestRunRow[]> {
    return this.rows('test-runs-of', 's.id = any($1)', [ids]);
  }

  /** The latest by activity, and these. */
  async latestAnd(ids: readonly string[], most: number): Promise<readonly TestRunRow[]> {
    const latest = `select s.id from session s where s.source = 'ui-test' and ${isSession}
                    order by s.last_activity_at desc nulls last, s.id desc limit $2`;
    return this.rows('latest-test-runs', `s.id = any(array(${latest}) || $1::text[])`, [ids, most]);
  }

  private async rows(name: string, which: string, values: unknown[]): Promise<readonly TestRunRow[]> {
    const { rows } = await this.readModel.query<TestRunRow>({
      name,
      text: `select s.id, s.summary->>'nativeId' as folder, g.id || '.' || s.revision as revision,
               array(select p->>'filename' from jsonb_array_elements(s.detail->'screenshots') p) as pictures
             from generation g, session s
             where s.source = 'ui-test' and ${isSession} and ${which}`,
      values,
    });
    return rows;
  }
}
