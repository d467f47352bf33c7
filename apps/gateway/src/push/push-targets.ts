import { Inject, Injectable } from '@nestjs/common';
import { pushIdPrefix, pushSessionIdSchema } from '@telltale/contracts';
import type pg from 'pg';
import { READ_MODEL } from '../connections';
import { badRequest, problem, ProblemException } from '../problems/problem';

/** Ids of other sources may hold any characters, but no more of them than this. */
const longestId = 500;

/** Which pushed session is meant by an id. */
@Injectable()
export class PushTargets {
  constructor(@Inject(READ_MODEL) private readonly readModel: pg.Pool) {}

  /**
   * The client's own id of the session, from that or from `push:<id>`.
   *
   * @param field what to name where it is not valid
   * @throws ProblemException 400; 409 where the id is that of a session of another source
   */
  async resolve(id: string, field: string): Promise<string> {
    const isPushed = id.startsWith(pushIdPrefix);
    if (!isPushed && id.length <= longestId && (await this.isForeign(id))) throw ofAnotherSource(id, field);
    const parsed = pushSessionIdSchema.safeParse(isPushed ? id.slice(pushIdPrefix.length) : id);
    if (!parsed.success) throw badRequest(field, parsed.error.issues[0]?.message ?? 'This is no id.');
    return parsed.data;
  }

  async isKnown(sessionId: string): Promise<boolean> {
    const { rowCount } = await this.readModel.query({
      name: 'push-known',
      text: 'select 1 from session where id = $1',
      values: [sessionId],
    });
    return rowCount !== 0;
  }

  private async isForeign(id: string): Promise<boolean> {
    const { rowCount } = await this.readModel.query({
      name: 'push-foreign',
      text: `select 1 from session where id = $1 and source <> 'push' and started_at is not null`,
      values: [id],
    });
    return rowCount !== 0;
  }
}

function ofAnotherSource(id: string, field: string): ProblemException {
  const detail =
    `The session ${JSON.stringify(id)} comes from another source; nothing can be pushed into it. ` +
    `A pushed session of that name is ${JSON.stringify(pushIdPrefix + id)}.`;
  return new ProblemException(problem(409, detail, field));
}
