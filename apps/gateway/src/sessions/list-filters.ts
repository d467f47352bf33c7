import type { SessionFacetsQuery, Status } from '@telltale/contracts';
import { listedName, listedPath } from '@telltale/domain';
import { containing, type Statement } from './statement';

/**
 * A session is one once a record with a time of its own was seen; until then its row only waits for one.
 * Condition on rows of `session s`.
 */
export const isSession = 's.started_at is not null';

/** The conditions that a list's query puts on rows of `session s`. */
export function listConditions(query: SessionFacetsQuery, statement: Statement): string[] {
  const where: string[] = [isSession];
  const equals = (expression: string, value: string | undefined) => {
    if (value !== undefined) where.push(`${expression} = ${statement.bind(value)}`);
  };
  equals('s.source', query.source);
  equals('s.host', query.host && listedName(query.host));
  equals('s."user"', query.user && listedName(query.user));
  equals('s.parent_id', query.parent);
  if (query.project !== undefined) {
    const [path, name] = [
      statement.bind(listedPath(query.project)),
      statement.bind(listedName(query.project)),
    ];
    where.push(`s.project_path = ${path} or s.project_name = ${name}`);
  }
  if (query.model !== undefined) where.push(`${statement.bind(listedName(query.model))} = any(s.models)`);
  if (query.status) where.push(`s.status = any(${statement.bind(statusesOf(query.status))})`);
  if (query.archived !== undefined) where.push(`s.archived = ${statement.bind(query.archived === 'true')}`);
  if (query.from !== undefined)
    where.push(`s.last_activity_at >= ${statement.bind(query.from)}::timestamptz`);
  if (query.to !== undefined) where.push(`s.last_activity_at < ${statement.bind(query.to)}::timestamptz`);
  if (query.q !== undefined) where.push(textCondition(query.q, statement));
  return where;
}

/** Title, project and id stand in one column, in lower case: comparing is all that is left to do for each session. */
function textCondition(text: string, statement: Statement): string {
  return `s.listed_text like ${statement.bind(containing(text.toLowerCase()))}`;
}

/** The statuses that are named; `active` names two. */
export function statusesOf(named: readonly (Status | 'active')[]): Status[] {
  return [
    ...new Set(named.flatMap((name): Status[] => (name === 'active' ? ['running', 'waiting'] : [name]))),
  ];
}
