import type { Session } from '@telltale/contracts';

/** A read model of any size, made by sets: for plans and measurements. */
export interface GeneratedSize {
  readonly sessions: number;
  readonly messages: number;
}

/** One statement, and what it makes. Each is a function of the row's number: the same size gives the same rows. */
export interface GeneratingStep {
  readonly what: string;
  readonly sql: string;
}

/** Words of the generated documents, and how often they stand in them. */
export const generatedWords = {
  /** Every second document. */
  common: 'common',
  /** One in a hundred. */
  frequent: 'frequent',
  /** One in ten thousand. */
  seldom: 'seldom',
  /** Ten documents. */
  rare: 'rare',
  /** One in five, but only in the oldest tenth. */
  vintage: 'vintage',
  /** Next to each other in one document of two hundred. */
  phrase: 'quick brown',
  /** Each in every second document, never in the same. */
  apart: ['left', 'right'],
} as const;

/** The newest session ends here. */
export const generatedUntil = Date.UTC(2026, 5, 1);
const days = 365;
const texts = 5_000;
const sessionsAStep = 5_000;

const indexes = ['item_messages_at', 'item_tools_at', 'item_feed', 'item_owner', 'usage_at', 'usage_owner'];

/** In order. Large tables are filled before their indexes are made; the statements of these come from the database. */
export function generatingSteps(size: GeneratedSize): GeneratingStep[] {
  const perSession = Math.max(1, Math.round(size.messages / size.sessions));
  return [
    { what: 'texts', sql: textsSql },
    ...chunks(size.sessions).map(([first, last]) => ({
      what: `sessions up to ${last}`,
      sql: [sessionsSql, itemsSql, usageSql, rollupsSql, documentsSql]
        .map((sql) => sql(first, last, { ...size, perSession }))
        .join(';\n'),
    })),
    { what: 'end', sql: 'drop table generated_text' },
  ];
}

/** Indexes that are quicker made at the end, with the key of the search's documents left to the database. */
export const generatedLater = [...indexes, 'search_document_words', 'search_document_time'];

function chunks(sessions: number): [number, number][] {
  const starts = Array.from({ length: Math.ceil(sessions / sessionsAStep) }, (_, n) => n * sessionsAStep + 1);
  return starts.map((first) => [first, Math.min(sessions, first + sessionsAStep - 1)]);
}

/** Texts of sixteen words, of which few are frequent, as in every language. */
const textsSql = `
create table generated_text as
  select n as id, string_agg('w' || (60000 * power(r, 5))::integer, ' ' order by m) as text
  from (select n, m, (hashint8(n * 1000 + m)::bigint + 2147483648) / 4294967296.0 as r
        from generate_series(0, ${texts - 1}) n, generate_series(1, 16) m) words
  group by n;
alter table generated_text add column vector tsvector;
update generated_text set vector = to_tsvector('simple', text);
create unique index on generated_text (id) include (text, vector)`;

interface Shape extends GeneratedSize {
  readonly perSession: number;
}

const pick = (names: readonly string[], by: string) =>
  `(array[${names.map((name) => `'${name}'`).join(', ')}])[1 + ${by} % ${names.length}]`;
const models = ['claude-opus-4-6', 'claude-sonnet-4-5', 'gpt-5-codex', 'gemini-3-pro'];
const tools = ['Read', 'Edit', 'Bash', 'Grep', 'Write', 'Glob', 'WebFetch'];
const started = (size: Shape) =>
  `to_timestamp(${generatedUntil / 1000} - (${size.sessions} - n) * ${(days * 86_400) / size.sessions}::float8)`;
const itemTime = (size: Shape) => `${started(size)} + m * interval '40 seconds'`;

/** Summary and detail as wide as real ones. */
const sessionsSql = (first: number, last: number, size: Shape) => `
insert into session (id, source, host, "user", project_path, project_name, branch, title, models, status, started_at,
  last_activity_at, archived, parent_id, listed_text, cost_pico, tokens_total, messages, tool_calls, revision, summary, detail, registers)
select id, source, host, null, path, name, 'main', title, array[model], status, at, until, n % 50 = 0, parent,
  lower(concat_ws(E'\\n', title, path, id)), cost, tokens,
  ${size.perSession} / 2, ${size.perSession} / 2, 1,
  jsonb_build_object('id', id, 'source', source, 'nativeId', id, 'host', host, 'user', null,
    'project', jsonb_build_object('path', path, 'name', name), 'branch', 'main', 'phase', null, 'title', title,
    'model', model, 'models', jsonb_build_array(model), 'status', status, 'waitingFor', null, 'startedAt', at,
    'lastActivityAt', until, 'endedAt', until, 'parentId', parent, 'archived', n % 50 = 0, 'currentStep', null,
    'activity', '[]'::jsonb) || '{"stats": ${JSON.stringify(stats)}}',
  '${JSON.stringify(noDetail)}'::jsonb || jsonb_build_object('files', (select jsonb_agg(jsonb_build_object('host', host, 'path', md5(n::text || k), 'role', 'main', 'removed', false)) from generate_series(1, 20) k)),
  jsonb_build_object('fill', (select jsonb_agg(md5(k::text || n)) from generate_series(1, 60) k))
from (
  select n, 's' || n as id, ${pick(['claude-code', 'claude-code', 'claude-code', 'codex', 'opencode', 'gemini', 'push'], 'n')} as source,
    'host-' || n % 23 as host, '/home/dev/projects/p' || n % 397 as path, 'p' || n % 397 as name,
    'Session ' || n || ' about topic ' || n % 997 as title, ${pick(models, '(n / 7)')} as model,
    case when n > ${size.sessions} - 20 then 'running' when n % 40 = 0 then 'failed' else 'completed' end as status,
    ${started(size)} as at, ${started(size)} + ${size.perSession} * interval '40 seconds' as until,
    case when n % 60 = 1 then 's' || n - 1 end as parent,
    case when n % 90 <> 0 then n * 7919::bigint % 1000003 * 1000000 end as cost, n * 104729::bigint % 1000003 as tokens
  from generate_series(${first}, ${last}) n
) made`;

const itemsSql = (first: number, last: number, size: Shape) => `
insert into item (key, session_id, kind, counted, at, sequence, line, agent_id, model, name, preview, input, parts)
select case kind when 'prompt' then 'p:' when 'tool' then 't:' else 'm:' end || n || '-' || m, 's' || n, kind, true, at, n, m,
  case when m % 10 = 9 then 'agent-1' end, case when kind <> 'prompt' then ${pick(models, '(n / 7)')} end,
  case when kind = 'tool' then ${pick(tools, '(n + m)')} end, t.text, case when kind = 'tool' then t.text end,
  json_build_array(json_build_object('u', n || '-' || m, 's', n, 'l', m, 'o', m * 1000))::jsonb
from (
  select n, m, case m % 10 when 1 then 'prompt' when 2 then 'tool' when 3 then 'assistant' when 4 then 'tool' when 5 then 'assistant'
      when 6 then 'tool' when 7 then 'assistant' when 8 then 'tool' when 9 then 'tool' else 'assistant' end as kind,
    ${itemTime(size)} as at
  from generate_series(${first}, ${last}) n, generate_series(1, ${size.perSession}) m
) made join generated_text t on t.id = (n * 31 + m * 17) % ${texts}`;

const usageSql = (first: number, last: number, size: Shape) => `
insert into usage (message_key, session_id, request_id, sidechain, uuid, model, at, input, output, cache_write_5m, cache_write_1h,
  cache_read, reasoning, sequence, line, owner, cost_pico, price_version)
select 'm:' || n || '-' || m, 's' || n, 'r', false, 'u', ${pick(models, '(n / 7)')}, ${itemTime(size)}, 4, 100 + m, 200, 0, 20000, 0, n,
  m, 's' || n, 1000000 * m, '1'
from generate_series(${first}, ${last}) n, generate_series(1, ${size.perSession}) m where m % 10 in (0, 3, 5, 7)`;

const bucket = "date_bin('15 minutes', at, 'epoch')";
const rollupsSql = (first: number, last: number, size: Shape) => `
insert into rollup (session_id, bucket, model, messages, prompts, input, output, cost_pico, priced)
select 's' || n, ${bucket}, ${pick(models, '(n / 7)')}, count(*) filter (where m % 10 in (0, 3, 5, 7)),
  count(*) filter (where m % 10 = 1), 4 * count(*), 100 * count(*), 1000000 * count(*), count(*)
from (select n, m, ${itemTime(size)} as at from generate_series(${first}, ${last}) n, generate_series(1, ${size.perSession}) m) made
group by n, ${bucket};
insert into rollup_tool (session_id, bucket, tool, calls)
select 's' || n, ${bucket}, ${pick(tools, '(n + m)')}, count(*)
from (select n, m, ${itemTime(size)} as at from generate_series(${first}, ${last}) n, generate_series(1, ${size.perSession}) m
      where m % 10 in (2, 4, 6, 8, 9)) made
group by n, ${bucket}, 3`;

/** A document's number decides which of the words above it holds. */
const documentsSql = (first: number, last: number, size: Shape) => `
insert into search_document (session_id, key, at, tsv)
select 's' || n, case m % 10 when 1 then 'p:' when 2 then 't:' when 4 then 't:' when 6 then 't:' when 8 then 't:' when 9 then 't:'
    else 'm:' end || n || '-' || m, at,
  t.vector || (concat_ws(' ', '''@' || floor(extract(epoch from at) / 86400) || '''',
    case when h % 2 = 0 then '''common'':30' end, case when h % 2 = 0 then '''left''' else '''right''' end,
    case when h % 100 = 7 then '''frequent'':31' end, case when h % 10000 = 77 then '''seldom'':32' end,
    case when h % 200 = 3 then '''quick'':33 ''brown'':34' when h % 200 = 4 then '''brown'':33 ''quick'':34' end,
    case when n < ${Math.ceil(size.sessions / 10)} and h % 5 = 0 then '''vintage'':35' end,
    case when (n::bigint * ${size.perSession} + m) % ${Math.max(1, Math.floor(size.messages / 10))} = 5 then '''rare'':36' end))::tsvector
from (
  select n, m, ${itemTime(size)} as at, abs(hashint8(n::bigint * ${size.perSession} + m)) as h
  from generate_series(${first}, ${last}) n, generate_series(1, ${size.perSession}) m
) made join generated_text t on t.id = (n * 31 + m * 17) % ${texts}`;

const stats = {
  messages: 50,
  prompts: 10,
  toolCalls: 50,
  toolErrors: 1,
  screenshots: 0,
  errors: 0,
  objectives: { completed: 1, total: 2 },
  tokens: {
    input: 4,
    output: 100,
    cacheWrite5m: 200,
    cacheWrite1h: 0,
    cacheRead: 20_000,
    reasoning: 0,
    total: 20_304,
  },
  costUsd: 1.25,
  reportedCostUsd: null,
  unpricedModels: [],
} satisfies Session['stats'];

const noDetail = {
  tokensByModel: [],
  objectives: [],
  agents: [],
  tools: [],
  links: [],
  errors: [],
  forkedFrom: null,
  screenshots: [],
  rateLimits: [],
};
