import { allOf, type Statement } from '../sessions/statement';
import { splitRange, type TimeRange } from './time-range';

/** Which rows are wanted. */
export interface Scope extends TimeRange {
  readonly session: string | undefined;
}

/** Columns that every part of the union has, in this order. */
const sums =
  'input, output, cache_write_5m, cache_write_1h, cache_read, reasoning, cost_pico, priced, unpriced';
const noSums = '0, 0, 0, 0, 0, 0, 0::numeric, 0, 0';

/**
 * SQL of the messages and usage in scope: `session_id, at, model (null: none), messages, <tokens>, cost_pico,
 * priced, unpriced`. Whole quarters of an hour come from the rollups, the rest from the rows themselves.
 */
export function countedUsage(scope: Scope, statement: Statement): string {
  const { buckets, edges } = splitRange(scope);
  const parts: string[] = [];
  if (buckets) {
    // What moved to another session leaves a row of zeros behind: it tells of nothing.
    const where = [
      ...within('bucket', buckets, statement),
      ...ofSession('session_id', scope, statement),
      isNotZero,
    ];
    parts.push(`select session_id, bucket as at, nullif(model, '') as model, messages + prompts as messages, ${sums}
      from rollup where ${allOf(where)}`);
  }
  for (const range of edges)
    parts.push(usageRows(range, scope, statement), messageRows(range, scope, statement));
  return union(parts, () => usageRows(nothing, scope, statement));
}

const isNotZero = ['messages', 'prompts', ...sums.split(', ')].map((column) => `${column} <> 0`).join(' or ');

/** The same from rows alone, exact at any time: for questions below a quarter of an hour. */
export function countedUsageRows(scope: Scope, statement: Statement): string {
  return [usageRows(scope, scope, statement), messageRows(scope, scope, statement)].join(unionAll);
}

function usageRows(range: TimeRange, scope: Scope, statement: Statement): string {
  const where = [
    'owner is not null',
    ...within('at', range, statement),
    ...ofSession('owner', scope, statement),
  ];
  return `select owner as session_id, at, model, 0 as messages, input, output, cache_write_5m, cache_write_1h,
    cache_read, reasoning, coalesce(cost_pico, 0)::numeric as cost_pico, (cost_pico is not null)::integer as priced,
    (cost_pico is null)::integer as unpriced from usage where ${allOf(where)}`;
}

function messageRows(range: TimeRange, scope: Scope, statement: Statement): string {
  const where = ["counted and kind in ('prompt', 'assistant')", ...itemConditions(range, scope, statement)];
  return `select session_id, ${itemTime} as at, nullif(model, '') as model, 1 as messages, ${noSums}
    from item where ${allOf(where)}`;
}

/** SQL of the tool calls in scope: `session_id, at, tool, calls`. */
export function countedTools(scope: Scope, statement: Statement): string {
  const { buckets, edges } = splitRange(scope);
  const parts: string[] = [];
  if (buckets) {
    const where = [
      ...within('bucket', buckets, statement),
      ...ofSession('session_id', scope, statement),
      'calls <> 0',
    ];
    parts.push(`select session_id, bucket as at, tool, calls from rollup_tool where ${allOf(where)}`);
  }
  const rows = (range: TimeRange) =>
    `select session_id, at, tool, calls from (${countedToolRows({ ...scope, ...range }, statement)}) t`;
  for (const range of edges) parts.push(rows(range));
  return union(parts, () => rows(nothing));
}

/** SQL of single tool calls: `session_id, at, tool, model, calls`. Rollups do not know a call's model. */
export function countedToolRows(scope: Scope, statement: Statement): string {
  const where = ["counted and used and kind = 'tool'", ...itemConditions(scope, scope, statement)];
  return `select session_id, ${itemTime} as at, coalesce(name, 'unknown') as tool, nullif(model, '') as model, 1 as calls
    from item where ${allOf(where)}`;
}

/** What has no time stands at the epoch, as in the rollups. */
const itemTime = "coalesce(at, 'epoch'::timestamptz)";

function itemConditions(range: TimeRange, scope: Scope, statement: Statement): string[] {
  return [...withinItems(range, statement), ...ofSession('session_id', scope, statement)];
}

/** Of the column itself, which has an index; what has no time is in where the epoch is. */
function withinItems(range: TimeRange, statement: Statement): string[] {
  const timed = within('at', range, statement);
  const { from = 0, to = 1 } = range;
  return timed.length > 0 && from <= 0 && to > 0 ? [`${allOf(timed)} or at is null`] : timed;
}

function within(column: string, { from, to }: TimeRange, statement: Statement): string[] {
  return [
    ...(from === undefined ? [] : [`${column} >= ${instant(from, statement)}`]),
    ...(to === undefined ? [] : [`${column} < ${instant(to, statement)}`]),
  ];
}

function ofSession(column: string, { session }: Scope, statement: Statement): string[] {
  return session === undefined ? [] : [`${column} = ${statement.bind(session)}`];
}

function instant(at: number, statement: Statement): string {
  return `${statement.bind(new Date(at).toISOString())}::timestamptz`;
}

/** Holds no instant: for a union without parts, which must still have its columns. */
const nothing: TimeRange = { from: 0, to: 0 };
const unionAll = '\nunion all\n';

function union(parts: readonly string[], none: () => string): string {
  return parts.length === 0 ? none() : parts.join(unionAll);
}
