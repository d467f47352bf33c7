import type {
  Item,
  RollupIncrement,
  SessionState,
  SessionView,
  StoredUsage,
  ToolRollupIncrement,
} from '@telltale/domain';
import { isVisible, listedModels, listedName, listedPath, listedText } from '@telltale/domain';
import type { FileState, QuarantinedRecord } from './file-state';
import { storableJson } from './storable';
import { Upsert } from './upsert';

export const upsertItems = new Upsert<Item>({
  name: 'upsert_item',
  table: 'item',
  key: ['key', 'session_id'],
  columns: [
    { name: 'key', type: 'text', of: (item) => item.key },
    { name: 'session_id', type: 'text', of: (item) => item.sessionId },
    { name: 'kind', type: 'text', of: (item) => item.kind },
    { name: 'counted', type: 'boolean', of: (item) => item.counted },
    { name: 'at', type: 'timestamptz', of: (item) => item.at || null },
    { name: 'sequence', type: 'bigint', of: (item) => item.parts[0]?.s ?? 0 },
    { name: 'line', type: 'integer', of: (item) => item.parts[0]?.l ?? 0 },
    { name: 'agent_id', type: 'text', of: (item) => item.agentId },
    { name: 'model', type: 'text', of: (item) => item.model },
    { name: 'name', type: 'text', of: (item) => item.name },
    { name: 'preview', type: 'text', of: (item) => item.preview },
    { name: 'input', type: 'text', of: (item) => item.input },
    { name: 'is_error', type: 'boolean', of: (item) => item.isError },
    { name: 'used', type: 'boolean', of: (item) => item.used },
    { name: 'ended_at', type: 'timestamptz', of: (item) => item.endedAt || null },
    { name: 'duration_ms', type: 'integer', of: (item) => boundedMs(item.durationMs) },
    { name: 'parts', type: 'jsonb', of: (item) => storableJson(item.parts) },
  ],
});

export const upsertUsage = new Upsert<StoredUsage>({
  name: 'upsert_usage',
  table: 'usage',
  key: ['message_key', 'session_id', 'request_id', 'sidechain'],
  columns: [
    { name: 'message_key', type: 'text', of: (usage) => usage.messageKey },
    { name: 'session_id', type: 'text', of: (usage) => usage.sessionId },
    { name: 'request_id', type: 'text', of: (usage) => usage.row.requestId ?? '' },
    { name: 'sidechain', type: 'boolean', of: (usage) => usage.row.sidechain },
    { name: 'uuid', type: 'text', of: (usage) => usage.row.uuid },
    { name: 'agent_id', type: 'text', of: (usage) => usage.row.agentId },
    { name: 'model', type: 'text', of: (usage) => usage.row.model },
    { name: 'speed', type: 'text', of: (usage) => usage.row.speed },
    { name: 'at', type: 'timestamptz', of: (usage) => usage.row.at },
    { name: 'input', type: 'bigint', of: (usage) => usage.row.tokens.input },
    { name: 'output', type: 'bigint', of: (usage) => usage.row.tokens.output },
    { name: 'cache_write_5m', type: 'bigint', of: (usage) => usage.row.tokens.cacheWrite5m },
    { name: 'cache_write_1h', type: 'bigint', of: (usage) => usage.row.tokens.cacheWrite1h },
    { name: 'cache_read', type: 'bigint', of: (usage) => usage.row.tokens.cacheRead },
    { name: 'reasoning', type: 'bigint', of: (usage) => usage.row.tokens.reasoning },
    { name: 'web_searches', type: 'integer', of: (usage) => usage.row.webSearches },
    { name: 'reported_pico', type: 'bigint', of: (usage) => usage.row.reportedPico ?? null },
    { name: 'sequence', type: 'bigint', of: (usage) => usage.place.sequence },
    { name: 'line', type: 'integer', of: (usage) => usage.place.line },
    { name: 'owner', type: 'text', of: (usage) => usage.owner },
    { name: 'cost_pico', type: 'bigint', of: (usage) => usage.costPico },
    { name: 'price_version', type: 'text', of: (usage) => usage.priceVersion },
  ],
});

/** A session as it is written: its state, and the view served of it. */
export interface SessionRow {
  readonly state: SessionState;
  readonly view: SessionView;
  readonly revision: number;
}

export const upsertSessions = new Upsert<SessionRow>({
  name: 'upsert_session',
  table: 'session',
  key: ['id'],
  columns: [
    { name: 'id', type: 'text', of: ({ state }) => state.id },
    { name: 'source', type: 'text', of: ({ state }) => state.source },
    // What lists filter by is bounded: it stands in an index together. The summary has all of it.
    { name: 'host', type: 'text', of: ({ view }) => listedName(view.summary.host) },
    { name: 'user', type: 'text', of: ({ view }) => listedName(view.summary.user) },
    { name: 'project_path', type: 'text', of: ({ view }) => listedPath(view.summary.project?.path ?? null) },
    { name: 'project_name', type: 'text', of: ({ view }) => listedName(view.summary.project?.name ?? null) },
    { name: 'branch', type: 'text', of: ({ view }) => view.summary.branch },
    { name: 'title', type: 'text', of: ({ view }) => view.summary.title },
    { name: 'listed_text', type: 'text', of: ({ state, view }) => listedText(textsOf(state, view)) },
    { name: 'models', type: 'text[]', of: ({ view }) => storableJson(listedModels(view.summary.models)) },
    { name: 'status', type: 'text', of: ({ view }) => view.summary.status },
    {
      name: 'status_until',
      type: 'timestamptz',
      of: ({ state, view }) => (isVisible(state) ? view.until : null),
    },
    { name: 'started_at', type: 'timestamptz', of: ({ state }) => state.startedAt || null },
    { name: 'last_activity_at', type: 'timestamptz', of: ({ state }) => state.lastActivityAt || null },
    { name: 'archived', type: 'boolean', of: ({ view }) => view.summary.archived },
    { name: 'parent_id', type: 'text', of: ({ view }) => view.summary.parentId },
    { name: 'cost_pico', type: 'bigint', of: ({ view }) => view.costPico },
    { name: 'tokens_total', type: 'bigint', of: ({ view }) => view.summary.stats.tokens.total },
    { name: 'messages', type: 'integer', of: ({ view }) => view.summary.stats.messages },
    { name: 'tool_calls', type: 'integer', of: ({ view }) => view.summary.stats.toolCalls },
    { name: 'revision', type: 'bigint', of: ({ revision }) => revision },
    { name: 'summary', type: 'jsonb', of: ({ view }) => storableJson(view.summary) },
    { name: 'detail', type: 'jsonb', of: ({ view }) => storableJson(view.detail) },
    { name: 'registers', type: 'jsonb', of: ({ state }) => storableJson(state) },
    { name: 'deleted', type: 'boolean', of: ({ state }) => state.deleted === true },
  ],
});

const sums = [
  'messages',
  'prompts',
  'input',
  'output',
  'cache_write_5m',
  'cache_write_1h',
  'cache_read',
  'reasoning',
  'cost_pico',
  'priced',
  'unpriced',
];

export const addRollups = new Upsert<RollupIncrement>({
  name: 'add_rollup',
  table: 'rollup',
  key: ['session_id', 'bucket', 'model'],
  onConflict: sums.map((name) => `${name} = known.${name} + excluded.${name}`).join(', '),
  columns: [
    { name: 'session_id', type: 'text', of: (row) => row.sessionId },
    { name: 'bucket', type: 'timestamptz', of: (row) => row.bucket },
    { name: 'model', type: 'text', of: (row) => row.model },
    { name: 'messages', type: 'integer', of: (row) => row.usage.messages },
    { name: 'prompts', type: 'integer', of: (row) => row.prompts },
    { name: 'input', type: 'bigint', of: (row) => row.usage.input },
    { name: 'output', type: 'bigint', of: (row) => row.usage.output },
    { name: 'cache_write_5m', type: 'bigint', of: (row) => row.usage.cacheWrite5m },
    { name: 'cache_write_1h', type: 'bigint', of: (row) => row.usage.cacheWrite1h },
    { name: 'cache_read', type: 'bigint', of: (row) => row.usage.cacheRead },
    { name: 'reasoning', type: 'bigint', of: (row) => row.usage.reasoning },
    { name: 'cost_pico', type: 'bigint', of: (row) => row.usage.costPico },
    { name: 'priced', type: 'integer', of: (row) => row.usage.priced },
    { name: 'unpriced', type: 'integer', of: (row) => row.usage.unpriced },
  ],
});

export const addToolRollups = new Upsert<ToolRollupIncrement>({
  name: 'add_rollup_tool',
  table: 'rollup_tool',
  key: ['session_id', 'bucket', 'tool'],
  onConflict: 'calls = known.calls + excluded.calls, errors = known.errors + excluded.errors',
  columns: [
    { name: 'session_id', type: 'text', of: (row) => row.sessionId },
    { name: 'bucket', type: 'timestamptz', of: (row) => row.bucket },
    { name: 'tool', type: 'text', of: (row) => row.tool },
    { name: 'calls', type: 'integer', of: (row) => row.calls },
    { name: 'errors', type: 'integer', of: (row) => row.errors },
  ],
});

export const upsertFiles = new Upsert<FileState>({
  name: 'upsert_file_state',
  table: 'file_state',
  key: ['file'],
  columns: [
    { name: 'file', type: 'text', of: (file) => file.file },
    { name: 'partition', type: 'smallint', of: (file) => file.partition },
    { name: 'source', type: 'text', of: (file) => file.source },
    { name: 'host', type: 'text', of: (file) => file.host },
    { name: 'path', type: 'text', of: (file) => file.path },
    { name: 'root', type: 'text', of: (file) => file.root },
    { name: 'generation', type: 'text', of: (file) => file.generation },
    { name: 'offset', type: 'bigint', of: (file) => file.offset },
    { name: 'decoder_version', type: 'integer', of: (file) => file.decoderVersion },
    { name: 'state', type: 'jsonb', of: (file) => storableJson(file.state) },
    { name: 'session_id', type: 'text', of: (file) => file.sessionId },
    { name: 'sessions', type: 'text[]', of: (file) => storableJson(file.sessions) },
    { name: 'entombed', type: 'text[]', of: (file) => storableJson(file.entombed) },
    { name: 'tombstone', type: 'bigint', of: (file) => file.tombstone },
    { name: 'part_sequence', type: 'bigint', of: (file) => file.partSequence },
    { name: 'last_sequence', type: 'bigint', of: (file) => file.lastSequence },
    { name: 'removed', type: 'boolean', of: (file) => file.removed },
    { name: 'parked', type: 'text', of: (file) => file.parked },
  ],
});

export const insertQuarantined = new Upsert<QuarantinedRecord>({
  name: 'insert_quarantine',
  table: 'quarantine',
  key: ['sequence', 'line'],
  columns: [
    { name: 'sequence', type: 'bigint', of: (record) => record.sequence },
    { name: 'line', type: 'integer', of: (record) => record.line },
    { name: 'file', type: 'text', of: (record) => record.file },
    { name: 'source', type: 'text', of: (record) => record.source },
    { name: 'host', type: 'text', of: (record) => record.host },
    { name: 'path', type: 'text', of: (record) => record.path },
    { name: 'reason', type: 'text', of: (record) => record.reason },
    { name: 'excerpt', type: 'text', of: (record) => record.excerpt },
  ],
});

function boundedMs(ms: number | null): number | null {
  return ms === null ? null : Math.min(Math.max(0, Math.round(ms)), 2_147_483_647);
}

function textsOf({ id }: SessionState, { summary: { title, project } }: SessionView): (string | null)[] {
  return [title, project?.path ?? project?.name ?? null, id];
}
