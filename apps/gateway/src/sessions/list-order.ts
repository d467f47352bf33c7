import type { SessionListQuery } from '@telltale/contracts';
import { z } from 'zod';
import { cursorBigint, cursorTime, decodeCursor } from './cursor';
import type { Statement } from './statement';

const columns = {
  lastActivityAt: { column: 's.last_activity_at', type: 'timestamptz' },
  startedAt: { column: 's.started_at', type: 'timestamptz' },
  costUsd: { column: 's.cost_pico', type: 'bigint' },
  tokens: { column: 's.tokens_total', type: 'bigint' },
} as const;

const cursorValue = { timestamptz: cursorTime, bigint: cursorBigint } as const;

export interface ListOrder {
  /** Names the order in cursors: one made for another order is refused. */
  readonly name: string;
  readonly column: string;
  readonly orderBy: string;
  /**
   * Conditions for the rows behind the cursor, part behind part, each a plain range of the index: one that says "or"
   * would read all that is behind. A single one that holds for every row on the first page.
   */
  readonly behind: readonly string[];
}

/**
 * Rows without a value come last in descending order and first in ascending order: one is the other reversed, and
 * both can walk the same index. The id breaks ties, so that every row has one place.
 */
export function listOrder(query: SessionListQuery, statement: Statement): ListOrder {
  const descending = query.sort.startsWith('-');
  const { column, type } = columns[sortName(query.sort)];
  const orderBy = descending ? `${column} desc nulls last, s.id desc` : `${column} asc nulls first, s.id asc`;
  const order = { name: query.sort, column, orderBy, behind: ['true'] };
  if (query.cursor === undefined) return order;
  const [, value, id] = decodeCursor(
    z.tuple([z.literal(query.sort), cursorValue[type].nullable(), z.string()]),
    query.cursor,
    'cursor',
  );
  const after = statement.bind(id);
  const compare = descending ? '<' : '>';
  if (value === null) {
    const sameValue = `${column} is null and s.id ${compare} ${after}`;
    return { ...order, behind: descending ? [sameValue] : [sameValue, `${column} is not null`] };
  }
  const behind = `(${column}, s.id) ${compare} (${statement.bind(value)}::${type}, ${after})`;
  return { ...order, behind: descending ? [behind, `${column} is null`] : [behind] };
}

function sortName(sort: string): keyof typeof columns {
  const name = sort.replace(/^-/, '');
  const known = Object.keys(columns).find((key): key is keyof typeof columns => key === name);
  if (!known) throw new Error(`a sort that the schema lets through has no column: ${sort}`);
  return known;
}
