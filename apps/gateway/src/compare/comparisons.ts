import { Inject, Injectable } from '@nestjs/common';
import type { Comparison, Summary } from '@telltale/contracts';
import { compareSessions } from '@telltale/domain';
import type pg from 'pg';
import { READ_MODEL } from '../connections';
import { problem, ProblemException } from '../problems/problem';
import { isSession } from '../sessions/list-filters';
import { revisionText } from '../sessions/revisions';

interface Row {
  readonly generation: string;
  readonly revision: number | bigint;
  readonly summary: Omit<Summary, 'revision'>;
}

@Injectable()
export class Comparisons {
  constructor(@Inject(READ_MODEL) private readonly readModel: pg.Pool) {}

  /** All of one snapshot, in the order of the ids. @throws ProblemException 404 that names the first one missing */
  async of(ids: readonly string[]): Promise<Comparison> {
    const { rows } = await this.readModel.query<Row>({
      name: 'compare-sessions',
      text: `select g.id as generation, s.revision, s.summary
             from generation g, session s where s.id = any($1::text[]) and ${isSession}`,
      values: [ids],
    });
    const found = new Map(rows.map((row) => [row.summary.id, row]));
    const sessions = ids.map((id) => {
      const row = found.get(id);
      if (!row) throw missing(id);
      return { ...row.summary, revision: revisionText(row.generation, row.revision) };
    });
    return { sessions, rows: compareSessions(sessions) };
  }
}

function missing(id: string): ProblemException {
  return new ProblemException(problem(404, `There is no session ${JSON.stringify(id)}.`, 'ids'));
}
