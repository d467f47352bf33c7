import type { AnalyticsQuery } from '@telltale/contracts';
import { allOf, type Statement } from '../sessions/statement';
import { countedToolRows, countedTools, countedUsage, type Scope } from './counted-rows';
import { summedColumns } from './figures';

type GroupBy = AnalyticsQuery['groupBy'];

const noUsage = `0::bigint as input, 0::bigint as output, 0::bigint as cache_write_5m, 0::bigint as cache_write_1h,
  0::bigint as cache_read, 0::bigint as reasoning, 0::numeric as cost_pico, 0 as priced, 0 as unpriced`;

/**
 * One statement for groups and total: rows `{is_total, key, sessions, …sums}`. A session's start has no place in
 * a group of models or tools: there it carries `grouped = false` and counts in the total alone.
 *
 * A session counts where something of it counts, and at its start: so those count too whose every record is a copy
 * of another session's.
 */
export function summarySql(
  scope: Scope,
  groupBy: GroupBy,
  { tz, statement }: { tz: string; statement: Statement },
): string {
  const key = groupKey(groupBy, tz, statement);
  const tools = groupBy === 'model' ? countedToolRows(scope, statement) : countedTools(scope, statement);
  const startGrouped = groupBy !== 'tool' && groupBy !== 'model';
  return `
with counted as (
  select true as grouped, r.session_id, r.at, r.model, null::text as tool, r.messages, 0 as calls, r.input,
    r.output, r.cache_write_5m, r.cache_write_1h, r.cache_read, r.reasoning, r.cost_pico, r.priced, r.unpriced
  from (${countedUsage(scope, statement)}) r
  union all
  select true, t.session_id, t.at, ${groupBy === 'model' ? 't.model' : 'null'}, t.tool, 0, t.calls, ${noUsage}
  from (${tools}) t
  union all
  select ${startGrouped}, s.id, s.started_at, null, null, 0, 0, ${noUsage}
  from session s where ${allOf(startConditions(scope, statement))}
), keyed as (
  select c.*, ${key} as key from counted c join session s on s.id = c.session_id
)
select grouping(key) = 1 as is_total, key, grouped, count(distinct session_id) as sessions, ${summedColumns}
from keyed group by grouping sets ((key, grouped), ())`;
}

function groupKey(groupBy: GroupBy, tz: string, statement: Statement): string {
  switch (groupBy) {
    case 'day':
      return `to_char(c.at at time zone ${statement.bind(tz)}, 'YYYY-MM-DD')`;
    case 'hour':
      return `to_char(c.at at time zone ${statement.bind(tz)}, 'YYYY-MM-DD"T"HH24')`;
    case 'model':
      return 'c.model';
    case 'project':
      return 's.project_path';
    case 'host':
      return 's.host';
    case 'source':
      return 's.source';
    case 'tool':
      return 'c.tool';
  }
}

function startConditions({ from, to, session }: Scope, statement: Statement): string[] {
  const bind = (at: number) => `${statement.bind(new Date(at).toISOString())}::timestamptz`;
  return [
    's.started_at is not null',
    ...(from === undefined ? [] : [`s.started_at >= ${bind(from)}`]),
    ...(to === undefined ? [] : [`s.started_at < ${bind(to)}`]),
    ...(session === undefined ? [] : [`s.id = ${statement.bind(session)}`]),
  ];
}
