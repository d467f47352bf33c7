import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { READ_MODEL } from '../connections';
import { roomFor } from '../memory/request-memory';
import { BoundedWork } from '../work/bounded-work';
import { bytesOfRecord, mostRecords, tooMuch } from './history-problems';

/** Sessions that are read from the log at once, and how many more may wait for it. */
@Injectable()
export class HistoryWork extends BoundedWork {
  constructor(@Inject(READ_MODEL) private readonly readModel: pg.Pool) {
    super(2, 16);
  }

  /** Room for a session that is about to be read, until the request is answered. @throws ProblemException 413, 503 */
  async makeRoom(id: string): Promise<void> {
    const { rows } = await this.readModel.query<{ records: number | bigint }>({
      name: 'history-records',
      text: `select (select count(*) from (select 1 from item where session_id = $1 limit $2) items)
          + (select count(*) from (select 1 from usage where message_key in
              (select message_key from usage where session_id = $1 union select message_key from usage where owner = $1)
              limit $2) rows) as records`,
      values: [id, mostRecords + 1],
    });
    const records = Number(rows[0]?.records ?? 0);
    if (records > mostRecords) throw tooMuch(`more than ${mostRecords} records`);
    await this.keepRoom(records * bytesOfRecord);
  }

  /** The same for what was read before, and is looked through now. */
  async keepRoom(bytes: number): Promise<void> {
    if (bytes > 0 && !(await roomFor(bytes)))
      throw tooMuch(`records of ${Math.round(bytes / 1024 / 1024)} MB`);
  }
}
