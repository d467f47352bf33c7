import { Inject, Injectable } from '@nestjs/common';
import type { Session, Summary } from '@telltale/contracts';
import type pg from 'pg';
import { READ_MODEL } from '../connections';
import { notFound } from '../problems/problem';
import { isSession } from './list-filters';
import { revisionText } from './revisions';

interface Row {
  readonly generation: string;
  readonly revision: number | bigint;
  readonly summary: Omit<Summary, 'revision'>;
  readonly detail: Omit<Session, keyof Summary>;
}

@Injectable()
export class SessionDetails {
  constructor(@Inject(READ_MODEL) private readonly readModel: pg.Pool) {}

  /** Undefined where there is no such session. */
  async find(id: string): Promise<Session | undefined> {
    const { rows } = await this.readModel.query<Row>({
      name: 'session-detail',
      text: `select g.id as generation, s.revision, s.summary, s.detail
             from generation g, session s where s.id = $1 and ${isSession}`,
      values: [id],
    });
    const row = rows[0];
    return row && { ...row.summary, ...row.detail, revision: revisionText(row.generation, row.revision) };
  }

  /** @throws ProblemException 404 */
  async get(id: string): Promise<Session> {
    const session = await this.find(id);
    if (!session) throw noSuchSession(id);
    return session;
  }

  /** @throws ProblemException 404 */
  async mustExist(id: string): Promise<void> {
    const { rowCount } = await this.readModel.query(
      `select 1 from session s where s.id = $1 and ${isSession}`,
      [id],
    );
    if (rowCount === 0) throw noSuchSession(id);
  }
}

export function noSuchSession(id: string) {
  return notFound(`There is no session ${JSON.stringify(id)}.`);
}
