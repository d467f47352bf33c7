import type { SessionFacetsQuery, Status } from '@telltale/contracts';
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
  equals('s.host', query.host);
  equals('s."user"', query.user);
  equals("s.summary->>'parentId'", query.parent);
  if (query.project !== undefined) {
    const project = statement.bind(query.project);
    where.push(`s.project_path = ${project} or s.project_name = ${project}`);
  }
  if (query.model !== undefined) where.push(`${statement.bind(query.model)} = any(s.models)`);
  if (query.status) where.push(`s.status = any(${statement.bind(statusesOf(query.status))})`);
  if (query.archived !== undefined) where.push(`s.archived = ${statement.bind(query.archived === 'true')}`);
  if (query.from !== undefined)
    where.push(`s.last_activity_at >= ${statement.bind(query.from)}::timestamptz`);
  if (query.to !== undefined) where.push(`s.last_activity_at < ${statement.bind(query.to)}::timestamptz`);
  if (query.q !== undefined) where.push(textCondition(query.q, statement));
  return where;
}

function textCondition(text: string, statement: Statement): string {
  const pattern = statement.bind(containing(text));
  return ['s.title', 's.project_path', 's.project_name', 's.id']
    .map((column) => `${column} ilike ${pattern}`)
    .join(' or ');
}

function statusesOf(named: readonly (Status | 'active')[]): Status[] {
  return [
    ...new Set(named.flatMap((name): Status[] => (name === 'active' ? ['running', 'waiting'] : [name]))),
  ];
}
