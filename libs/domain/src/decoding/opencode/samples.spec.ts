import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Session, Summary } from '@telltale/contracts';
import { viewOf } from '../../projecting';
import { decodeSource, MemoryReadModel, type SourceFile } from '../../testing';
import { hasSamples, samplesFolder } from '../../testing/samples';
import { openCodeDecoder } from './decoder';

interface ModelTruth {
  readonly input: number;
  readonly output: number;
  readonly reasoning: number;
  readonly cache_read: number;
  readonly cache_write: number;
  readonly messages: number;
  readonly cost: number;
}

interface SessionTruth {
  readonly file: string;
  readonly title: string;
  readonly parent: string | null;
  readonly directory: string;
  readonly created: number;
  readonly updated: number;
  readonly user_messages: number;
  readonly assistant_messages: number;
  readonly errors: number;
  readonly cost_usd: number;
  readonly by_model: { readonly [model: string]: ModelTruth };
  readonly tool_calls: { readonly [tool: string]: number };
}

type Fields = { readonly [field: string]: unknown };
interface Export {
  readonly info: Fields & { readonly id: string; readonly projectID: string };
  readonly messages: readonly { readonly info: Fields; readonly parts: readonly Fields[] }[];
}

const root = '/home/dev/.local/share/opencode';
const now = Date.UTC(2027, 0, 1);

function fileOf(path: string, fact: SourceFile['fact'], lines: readonly string[]): SourceFile {
  return { source: 'opencode', host: 'atlas', root, path: `${root}/${path}`, fact, lines };
}

/** The rows of the derived database, as the watcher publishes them. */
function rowFiles(): SourceFile[] {
  const database = new DatabaseSync(join(samplesFolder, 'opencode/derived/opencode.db'), { readOnly: true });
  try {
    const lines = new Map<string, string[]>();
    for (const table of ['session', 'message', 'part']) {
      for (const row of database.prepare(`select * from ${table}`).all()) {
        const { data, ...columns } = row;
        const value = typeof data === 'string' ? { ...columns, data: JSON.parse(data) as unknown } : columns;
        const session = String(row['session_id'] ?? row['id']);
        const line = JSON.stringify({ element: `${table}/${String(row['id'])}`, value });
        lines.set(session, [...(lines.get(session) ?? []), line]);
      }
    }
    return [...lines].map(([session, all]) => fileOf(`opencode.db#${session}`, 'rows.changed', all));
  } finally {
    database.close();
  }
}

/** The documents of an exported session. Ids that were masked are made up as they were for the database. */
function documentFiles({ file, parent }: SessionTruth): SourceFile[] {
  const text = readFileSync(join(samplesFolder, 'opencode/export', file), 'utf8');
  const { info, messages } = JSON.parse(text) as Export;
  const number = (n: number, digits: number): string => String(n).padStart(digits, '0');
  const idOf = (id: unknown, derived: string): string => (id === 'REDACTED' ? derived : String(id));
  const session = fileOf(`storage/session/${info.projectID}/${info.id}.json`, 'file.appended', [
    JSON.stringify({ ...info, ...(parent === null ? {} : { parentID: parent }) }),
  ]);
  const short = info.id.slice('ses_'.length, 'ses_'.length + 12);
  const others = messages.flatMap((message, m) => {
    const id = idOf(message.info['id'], `msg_derived_${short}_${number(m, 4)}`);
    const own = { ...message.info, id, sessionID: info.id };
    return [
      fileOf(`storage/message/${info.id}/${id}.json`, 'file.appended', [JSON.stringify(own)]),
      ...message.parts.map((part, p) => {
        const partId = idOf(part['id'], `prt_derived_${short}_${number(m, 4)}_${number(p, 3)}`);
        const whole = { ...part, id: partId, messageID: id, sessionID: info.id };
        return fileOf(`storage/part/${id}/${partId}.json`, 'file.appended', [JSON.stringify(whole)]);
      }),
    ];
  });
  return [session, ...others];
}

function sessionsIn(
  files: readonly SourceFile[],
): Map<string, { summary: Omit<Summary, 'revision'>; detail: Omit<Session, keyof Summary> }> {
  const model = new MemoryReadModel();
  const decoded = files.map((file) => decodeSource(openCodeDecoder, file));
  expect(decoded.flatMap(({ outcomes }) => outcomes.filter(({ ok }) => !ok))).toEqual([]);
  model.apply(
    decoded.flatMap(({ observations }) => observations),
    'opencode',
  );
  return new Map([...model.sessions].map(([id, state]) => [id, viewOf(state, now)]));
}

function figuresOf(files: readonly SourceFile[], id: string): object {
  const session = sessionsIn(files).get(id);
  if (session === undefined) throw new Error(`${id} is not told of`);
  const { summary, detail } = session;
  return {
    title: summary.title,
    parent: summary.parentId,
    directory: summary.project?.path,
    started: Date.parse(summary.startedAt ?? ''),
    prompts: summary.stats.prompts,
    messages: summary.stats.messages,
    errors: summary.stats.errors,
    cost: summary.stats.costUsd,
    reported: summary.stats.reportedCostUsd,
    unpriced: summary.stats.unpricedModels,
    models: detail.tokensByModel,
    tools: Object.fromEntries(detail.tools.map(({ name, calls }) => [name, calls])),
  };
}

function truthOf(truth: SessionTruth): object {
  return {
    title: truth.title,
    parent: truth.parent,
    directory: truth.directory,
    started: truth.created,
    prompts: truth.user_messages,
    messages: truth.user_messages + truth.assistant_messages,
    errors: truth.errors,
    // OpenCode prices by the same table: its own figure is the computed one, too.
    cost: expect.closeTo(truth.cost_usd, 6),
    reported: expect.closeTo(truth.cost_usd, 6),
    unpriced: [],
    models: Object.entries(truth.by_model).map(([model, one]) => ({
      model,
      messages: one.messages,
      costUsd: expect.closeTo(one.cost, 6),
      tokens: {
        input: one.input,
        output: one.output + one.reasoning,
        reasoning: one.reasoning,
        cacheRead: one.cache_read,
        cacheWrite5m: one.cache_write,
        cacheWrite1h: 0,
        total: one.input + one.output + one.reasoning + one.cache_read + one.cache_write,
      },
    })),
    tools: truth.tool_calls,
  };
}

/** Every file below a folder of fixtures, as the watcher would publish it. */
function fixtureFiles(folder: string): SourceFile[] {
  const base = join(samplesFolder, 'agent-fixtures/opencode', folder);
  return readdirSync(base, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const text = readFileSync(join(base, name), 'utf8');
      return fileOf(`storage/${name}`, 'file.appended', [text.replaceAll(/[\r\n]/g, ' ')]);
    });
}

// A clone without the samples has the laws and the generated sessions; their absence is no failure.
if (hasSamples) {
  const truth = (
    JSON.parse(readFileSync(join(samplesFolder, 'truth.json'), 'utf8')) as {
      opencode: { [id: string]: SessionTruth };
    }
  ).opencode;
  const sessions = Object.entries(truth);

  describe('real sessions, against their independently counted truth', () => {
    const rows = rowFiles();

    it.each(sessions)('%s in the SQLite store', (id, expected) => {
      expect(figuresOf(rows, id)).toEqual(truthOf(expected));
    });

    it.each(sessions)('%s in the JSON store', (id, expected) => {
      expect(figuresOf(documentFiles(expected), id)).toEqual(truthOf(expected));
    });

    it.each(sessions)('%s in both at once', (id, expected) => {
      const both = [...documentFiles(expected), ...rows, ...documentFiles(expected)];
      expect(figuresOf(both, id)).toEqual(truthOf(expected));
    });
  });

  describe('trimmed stores of other versions', () => {
    it.each([
      ['storage_v2', { s_stage0_large: [2, 4], s_stage0_small: [1, 2] }],
      ['storage_legacy', { s_stage0_drift: [1, 2] }],
    ])('%s', (folder, expected) => {
      const found = sessionsIn(fixtureFiles(folder));
      const counts = [...found].map(([id, { summary }]) => [
        id,
        [summary.stats.prompts, summary.stats.messages],
      ]);
      expect(Object.fromEntries(counts)).toEqual(expected);
    });

    it('tell of tools, errors and compactions', () => {
      const large = sessionsIn(fixtureFiles('storage_v2')).get('s_stage0_large');
      expect(large?.detail.errors).toMatchObject([
        { kind: 'interrupted', message: 'The operation was aborted.' },
      ]);
      expect(large?.detail.tools).toMatchObject([{ name: 'bash', calls: 1, medianMs: expect.any(Number) }]);
      expect(large?.summary.stats.tokens).toMatchObject({ input: 120, output: 16 });
    });
  });
}
