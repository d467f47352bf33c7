import { claudeCodeDecoder, viewOf, type Observation, type SessionState } from '@telltale/domain';
import { contextOf, MemoryReadModel, type TranscriptFile } from '@telltale/domain/testing';
import type { Pool } from 'pg';

/** All that is shown of sessions, items and rollups: places in the log, revisions and file names aside. */
export interface Shown {
  readonly sessions: readonly unknown[];
  readonly items: readonly unknown[];
  readonly rollups: readonly unknown[];
}

/** Later than every record: statuses stand still. */
const fixedNow = Date.UTC(2100, 0, 1);

/** What the projection of whole files must come to, worked out in memory. */
export function shownInMemory(files: readonly TranscriptFile[]): Shown {
  const model = new MemoryReadModel();
  for (const file of files) model.apply(observationsOf(file));
  const { items, rollups } = model.shown() as Shown;
  return { sessions: sessionsShown([...model.sessions.values()]), items, rollups };
}

export async function shownInDatabase(pool: Pool): Promise<Shown> {
  const sessions = await pool.query<{ registers: SessionState }>('select registers from session');
  const { rows: items } = await pool.query<Record<string, unknown> & { parts: { u: string }[] }>(
    `select key, session_id as "sessionId", kind, counted, coalesce(extract(epoch from at) * 1000, 0)::float8 as at,
            agent_id as "agentId", model, name, preview, input, is_error as "isError", used,
            (extract(epoch from ended_at) * 1000)::float8 as "endedAt", duration_ms as "durationMs", parts from item`,
  );
  return {
    sessions: sessionsShown(sessions.rows.map(({ registers }) => registers)),
    items: items
      .map(({ parts, ...item }) => ({ ...item, parts: parts.map(({ u }) => u) }))
      .sort(
        byText((item: Record<string, unknown>) => `${String(item['key'])}\n${String(item['sessionId'])}`),
      ),
    rollups: await rollupsShown(pool),
  };
}

function observationsOf(file: TranscriptFile): Observation[] {
  const context = contextOf(file.path);
  const state = claudeCodeDecoder.initialState(context);
  const sink: Observation[] = [];
  let offset = 0;
  file.lines.forEach((line, n) => {
    claudeCodeDecoder.decodeLine(state, line, context, { sequence: 1, line: n, offset }, sink);
    offset += Buffer.byteLength(line) + 1;
  });
  return sink;
}

function sessionsShown(states: readonly SessionState[]): unknown[] {
  return [...states].sort(byText((state) => state.id)).map((state) => {
    const { summary, detail } = viewOf(state, fixedNow);
    return { summary: { ...summary, host: '', archived: false }, detail: { ...detail, files: [] } };
  });
}

async function rollupsShown(pool: Pool): Promise<unknown[]> {
  const bucket = '(extract(epoch from bucket) * 1000)::bigint as bucket';
  const usage = await pool.query<Record<string, unknown>>(
    `select session_id, ${bucket}, model as name, messages, prompts, input, output, cache_write_5m as "cacheWrite5m",
            cache_write_1h as "cacheWrite1h", cache_read as "cacheRead", reasoning, cost_pico as "costPico", priced, unpriced from rollup`,
  );
  const tools = await pool.query<Record<string, unknown>>(
    `select session_id, ${bucket}, 'tool ' || tool as name, calls, errors from rollup_tool`,
  );
  return [...usage.rows, ...tools.rows]
    .map(({ session_id: session, bucket: start, name, ...sums }) => {
      const key = [session, start, name].map(String).join('\n');
      const entries = Object.entries(sums).filter(([, sum]) => Number(sum) !== 0);
      return [key, Object.fromEntries(entries.map(([n, sum]) => [n, String(sum)]))] as const;
    })
    .filter(([, sums]) => Object.keys(sums).length > 0)
    .sort(byText(([key]) => key));
}

function byText<T>(textOf: (value: T) => string): (a: T, b: T) => number {
  return (a, b) => (textOf(a) < textOf(b) ? -1 : 1);
}
