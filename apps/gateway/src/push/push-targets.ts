import { Inject, Injectable } from '@nestjs/common';
import { pushedSessionId, pushIdPrefix, pushSessionIdSchema } from '@telltale/contracts';
import type pg from 'pg';
import { READ_MODEL } from '../connections';
import { badRequest, problem, ProblemException } from '../problems/problem';
import { sessionGone } from './session-gone';

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
   * @throws ProblemException 400; 409 where the id is that of a session of another source; 410 where it was deleted
   */
  async resolve(id: string, field: string): Promise<string> {
    const isPushed = id.startsWith(pushIdPrefix);
    const nativeId = isPushed ? id.slice(pushIdPrefix.length) : id;
    const { foreign, deleted } = await this.find(isPushed ? undefined : id, pushedSessionId(nativeId));
    if (foreign) throw ofAnotherSource(id, field);
    const parsed = pushSessionIdSchema.safeParse(nativeId);
    if (!parsed.success) throw badRequest(field, parsed.error.issues[0]?.message ?? 'This is no id.');
    if (deleted) throw sessionGone(pushedSessionId(nativeId));
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

  /** What the read model says of a session of another source by that name, and of the pushed one. */
  private async find(
    id: string | undefined,
    pushed: string,
  ): Promise<{ foreign: boolean; deleted: boolean }> {
    const ids = [id, pushed].filter((one) => one !== undefined && one.length <= longestId);
    const { rows } = await this.readModel.query<{ id: string; foreign: boolean; deleted: boolean }>({
      name: 'push-target',
      text: `select id, source <> 'push' and started_at is not null as foreign, deleted from session where id = any($1)`,
      values: [ids],
    });
    return {
      foreign: rows.some((row) => row.id === id && row.foreign),
      deleted: rows.some((row) => row.id === pushed && row.deleted),
    };
  }
}

function ofAnotherSource(id: string, field: string): ProblemException {
  const detail =
    `The session ${JSON.stringify(id)} comes from another source; nothing can be pushed into it. ` +
    `A pushed session of that name is ${JSON.stringify(pushIdPrefix + id)}.`;
  return new ProblemException(problem(409, detail, field));
}
