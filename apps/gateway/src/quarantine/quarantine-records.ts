import { Inject, Injectable } from '@nestjs/common';
import type { QuarantineList, Quarantined, QuarantineQuery } from '@telltale/contracts';
import type pg from 'pg';
import { z } from 'zod';
import { READ_MODEL } from '../connections';
import { decodeCursor, encodeCursor } from '../sessions/cursor';
import { allOf, Statement } from '../sessions/statement';

const cursorSchema = z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]);

interface Row extends Omit<Quarantined, 'at'> {
  readonly at: Date;
}

@Injectable()
export class QuarantineRecords {
  constructor(@Inject(READ_MODEL) private readonly readModel: pg.Pool) {}

  /** Page by page, by their place in the log. @throws ProblemException 400 for a cursor of something else */
  async list(query: QuarantineQuery): Promise<QuarantineList> {
    const statement = new Statement();
    const where = filters(query, statement);
    const counted = allOf(where);
    const paged = [...where, ...behind(query, statement)];
    const { rows } = await this.readModel.query<{ total: number | bigint; page: readonly Row[] | null }>(
      `select (select count(*) from quarantine q where ${counted}) as total,
         (select json_agg(p) from (
            select q.sequence, q.line, q.file, q.path, q.host, q.source, q.reason, q.excerpt, q.at from quarantine q
            where ${allOf(paged)} order by q.sequence desc, q.line desc limit ${statement.bind(query.limit + 1)}) p) as page`,
      statement.values,
    );
    const page = rows[0]?.page ?? [];
    const items = page.slice(0, query.limit).map((row) => ({ ...row, at: new Date(row.at).toISOString() }));
    const last = items.at(-1);
    const hasMore = last !== undefined && page.length > query.limit;
    return {
      items,
      total: Number(rows[0]?.total ?? 0),
      nextCursor: hasMore ? encodeCursor([last.sequence, last.line]) : null,
    };
  }
}

function filters({ host, source, file }: QuarantineQuery, statement: Statement): string[] {
  return Object.entries({ host, source, file }).flatMap(([column, value]) =>
    value === undefined ? [] : [`q.${column} = ${statement.bind(value)}`],
  );
}

function behind({ cursor }: QuarantineQuery, statement: Statement): string[] {
  if (cursor === undefined) return [];
  const [sequence, line] = decodeCursor(cursorSchema, cursor, 'cursor');
  return [`(q.sequence, q.line) < (${statement.bind(sequence)}, ${statement.bind(line)})`];
}
