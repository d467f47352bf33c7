import type { Session, Stats, Summary, Tokens } from '@telltale/contracts';
import type pg from 'pg';

/** Rows of the read model as ingest writes them, for tests. */

export const noTokens: Tokens = {
  input: 0,
  output: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheRead: 0,
  reasoning: 0,
  total: 0,
};

export function stats(changes: Partial<Stats> = {}): Stats {
  return {
    messages: 0,
    prompts: 0,
    toolCalls: 0,
    toolErrors: 0,
    screenshots: 0,
    errors: 0,
    objectives: { completed: 0, total: 0 },
    tokens: noTokens,
    costUsd: 0,
    reportedCostUsd: null,
    unpricedModels: [],
    ...changes,
  };
}

export function summary(
  id: string,
  changes: Partial<Omit<Summary, 'revision'>> = {},
): Omit<Summary, 'revision'> {
  return {
    id,
    source: 'claude-code',
    nativeId: id,
    host: 'atlas',
    user: null,
    project: { path: '/home/kim/shop', name: 'shop' },
    branch: 'main',
    phase: null,
    title: `Session ${id}`,
    model: 'claude-opus-4-6',
    models: ['claude-opus-4-6'],
    status: 'idle',
    waitingFor: null,
    startedAt: '2026-03-01T10:00:00.000Z',
    lastActivityAt: '2026-03-01T11:00:00.000Z',
    endedAt: null,
    parentId: null,
    archived: false,
    currentStep: null,
    activity: [],
    stats: stats(),
    ...changes,
  };
}

export const noDetail: Omit<Session, keyof Summary> = {
  tokensByModel: [],
  objectives: [],
  agents: [],
  tools: [],
  links: [],
  errors: [],
  forkedFrom: null,
  screenshots: [],
  rateLimits: [],
  files: [],
};

export interface SessionSeed extends Partial<Omit<Summary, 'revision'>> {
  readonly id: string;
  readonly revision?: number;
  readonly costPico?: string | null;
  readonly detail?: Partial<Omit<Session, keyof Summary>>;
}

/** Inserts or replaces a session; the fleet's revision moves by one, as with every commit of ingest. */
export async function putSession(
  pool: Pick<pg.Pool, 'query'>,
  { id, revision, costPico, detail, ...changes }: SessionSeed,
): Promise<void> {
  const row = summary(id, changes);
  await pool.query(
    `insert into session (id, source, host, "user", project_path, project_name, branch, title, models, status,
       started_at, last_activity_at, archived, parent_id, cost_pico, tokens_total, messages, tool_calls, revision, summary, detail, registers)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, '{}')
     on conflict (id) do update set status = excluded.status, last_activity_at = excluded.last_activity_at,
       title = excluded.title, revision = excluded.revision, summary = excluded.summary, detail = excluded.detail`,
    [
      ...[id, row.source, row.host, row.user, row.project?.path, row.project?.name, row.branch, row.title],
      ...[row.models, row.status, row.startedAt, row.lastActivityAt, row.archived, row.parentId],
      ...[
        costPico === undefined ? '0' : costPico,
        row.stats.tokens.total,
        row.stats.messages,
        row.stats.toolCalls,
      ],
      ...[revision ?? 1, JSON.stringify(row), JSON.stringify({ ...noDetail, ...detail })],
    ],
  );
  await pool.query(
    `update session set listed_text = lower(concat_ws(E'\\n', title, project_path, project_name, id)) where id = $1`,
    [id],
  );
  await pool.query('update fleet set revision = revision + 1');
}

export interface ItemSeed {
  readonly key: string;
  readonly session: string;
  readonly kind: 'prompt' | 'assistant' | 'tool' | 'error' | 'compaction';
  readonly at: string | null;
  readonly counted?: boolean;
  readonly sequence?: number;
  readonly line?: number;
  readonly agent?: string;
  readonly model?: string;
  readonly name?: string;
  readonly preview?: string;
  readonly input?: string;
  readonly isError?: boolean;
  readonly used?: boolean;
  readonly endedAt?: string;
  readonly durationMs?: number;
  readonly parts?: readonly object[];
}

export async function putItem(pool: pg.Pool, item: ItemSeed): Promise<void> {
  await pool.query(
    `insert into item (key, session_id, kind, counted, at, sequence, line, agent_id, model, name, preview, input,
       is_error, used, ended_at, duration_ms, parts)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
    [
      ...[
        item.key,
        item.session,
        item.kind,
        item.counted ?? true,
        item.at,
        item.sequence ?? 1,
        item.line ?? 0,
      ],
      ...[
        item.agent,
        item.model,
        item.name,
        item.preview ?? '',
        item.input,
        item.isError ?? false,
        item.used ?? true,
      ],
      ...[
        item.endedAt,
        item.durationMs,
        JSON.stringify(item.parts ?? [{ u: item.key, s: item.sequence ?? 1, l: 0 }]),
      ],
    ],
  );
}

export interface UsageSeed {
  readonly key: string;
  readonly session: string;
  readonly at: string;
  readonly model?: string;
  readonly request?: string;
  readonly owner?: string | null;
  readonly tokens?: Partial<Tokens>;
  readonly costPico?: string | null;
}

export async function putUsage(pool: pg.Pool, usage: UsageSeed): Promise<void> {
  const tokens = { ...noTokens, ...usage.tokens };
  await pool.query(
    `insert into usage (message_key, session_id, request_id, sidechain, uuid, model, at, input, output, cache_write_5m,
       cache_write_1h, cache_read, reasoning, sequence, line, owner, cost_pico)
     values ($1, $2, $3, false, $1, $4, $5, $6, $7, $8, $9, $10, $11, 1, 0, $12, $13)`,
    [
      ...[usage.key, usage.session, usage.request ?? 'r1', usage.model ?? 'claude-opus-4-6', usage.at],
      ...[
        tokens.input,
        tokens.output,
        tokens.cacheWrite5m,
        tokens.cacheWrite1h,
        tokens.cacheRead,
        tokens.reasoning,
      ],
      ...[usage.owner === undefined ? usage.session : usage.owner, usage.costPico ?? null],
    ],
  );
}

/** Fills the rollups from the rows, as their sums are defined. */
export async function rollUp(pool: pg.Pool): Promise<void> {
  const bucket = (at: string) => `date_bin('15 minutes', coalesce(${at}, 'epoch'::timestamptz), 'epoch')`;
  await pool.query('truncate rollup, rollup_tool');
  await pool.query(`
    insert into rollup (session_id, bucket, model, messages, prompts, input, output, cache_write_5m, cache_write_1h,
      cache_read, reasoning, cost_pico, priced, unpriced)
    select session_id, bucket, model, sum(messages), sum(prompts), sum(input), sum(output), sum(w5), sum(w1),
      sum(cache_read), sum(reasoning), sum(cost), sum(priced), sum(unpriced)
    from (
      select session_id, ${bucket('at')} as bucket, coalesce(model, '') as model, (kind = 'assistant')::int as messages,
        (kind = 'prompt')::int as prompts, 0 as input, 0 as output, 0 as w5, 0 as w1, 0 as cache_read, 0 as reasoning,
        0 as cost, 0 as priced, 0 as unpriced
      from item where counted and kind in ('prompt', 'assistant')
      union all
      select owner, ${bucket('at')}, model, 0, 0, input, output, cache_write_5m, cache_write_1h, cache_read, reasoning,
        coalesce(cost_pico, 0), (cost_pico is not null)::int, (cost_pico is null)::int
      from usage where owner is not null
    ) counted group by 1, 2, 3`);
  await pool.query(`
    insert into rollup_tool (session_id, bucket, tool, calls, errors)
    select session_id, ${bucket('at')}, coalesce(name, 'unknown'), count(*), count(*) filter (where is_error)
    from item where counted and used and kind = 'tool' group by 1, 2, 3`);
}
