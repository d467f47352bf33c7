import type pg from 'pg';

/** A statement as it was sent. */
export interface SentStatement {
  readonly text: string;
  readonly values: unknown[];
}

/** A node of a plan, as EXPLAIN (FORMAT JSON) has it. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** Notes every statement that goes through these pools from now on; `stop` ends that. */
export function recordStatements(pools: readonly pg.Pool[]): { sent: SentStatement[]; stop: () => void } {
  const sent: SentStatement[] = [];
  const originals = pools.map((pool) => {
    const query = pool.query.bind(pool) as (...given: unknown[]) => unknown;
    const recording = (...given: unknown[]) => {
      sent.push(statementOf(given));
      return query(...given);
    };
    Object.assign(pool, { query: recording });
    return { pool, query };
  });
  return { sent, stop: () => originals.forEach(({ pool, query }) => Object.assign(pool, { query })) };
}

function statementOf([first, second]: readonly unknown[]): SentStatement {
  if (typeof first === 'string') return { text: first, values: Array.isArray(second) ? second : [] };
  const { text, values = [] } = first as { text: string; values?: unknown[] };
  return { text, values };
}

/** All nodes of the plan that the server would take for a statement. */
export async function planOf(pool: pg.Pool, { text, values }: SentStatement): Promise<PlanNode[]> {
  const { rows } = await pool.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
    `explain (format json) ${text}`,
    values,
  );
  return rows.flatMap((row) => nodesOf(row['QUERY PLAN'][0].Plan));
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
