import { Inject, Injectable } from '@nestjs/common';
import type { ListExportQuery, Summary } from '@telltale/contracts';
import type pg from 'pg';
import { READ_MODEL } from '../connections';
import { listConditions } from '../sessions/list-filters';
import { listOrder } from '../sessions/list-order';
import { revisionText } from '../sessions/revisions';
import { allOf, Statement } from '../sessions/statement';
import { VanishedError } from './session-feed';

const pageRows = 100;

interface Row {
  readonly generation: string;
  readonly revision: string;
  readonly summary: Omit<Summary, 'revision'>;
}

/** All sessions of a list, one at a time. */
@Injectable()
export class SessionRows {
  constructor(@Inject(READ_MODEL) private readonly readModel: pg.Pool) {}

  /**
   * First the ids in their order, by one statement; then the sessions, a page at a time. A cursor would not do: a
   * session that is active while the file is written moves to the other end of the list, and would be missed.
   * Memory holds a page and the ids, about 60 bytes each. What is deleted meanwhile is left out.
   *
   * @throws VanishedError where the read model was derived anew meanwhile
   */
  async *of(query: ListExportQuery): AsyncGenerator<Summary, undefined> {
    const ids = await this.ids(query);
    let generation: string | undefined;
    for (let from = 0; from < ids.length; from += pageRows) {
      for (const row of await this.page(ids.slice(from, from + pageRows))) {
        generation ??= row.generation;
        if (generation !== row.generation) throw new VanishedError('the read model was derived anew');
        yield { ...row.summary, revision: revisionText(row.generation, row.revision) };
      }
    }
    return undefined;
  }

  private async ids({ format: _, ...filters }: ListExportQuery): Promise<string[]> {
    const statement = new Statement();
    const where = allOf(listConditions(filters, statement));
    const { orderBy } = listOrder({ ...filters, limit: 1 }, statement);
    const { rows } = await this.readModel.query<[string]>({
      text: `select s.id from session s where ${where} order by ${orderBy}`,
      values: statement.values,
      rowMode: 'array',
    });
    return rows.map(([id]) => id);
  }

  private async page(ids: readonly string[]): Promise<Row[]> {
    const { rows } = await this.readModel.query<Row>({
      name: 'export-sessions',
      text: `select g.id as generation, s.revision::text as revision, s.summary
             from generation g, unnest($1::text[]) with ordinality wanted(id, place)
             join session s on s.id = wanted.id order by wanted.place`,
      values: [ids],
    });
    return rows;
  }
}
