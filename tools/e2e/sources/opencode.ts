import * as fc from 'fast-check';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  countOpenCode,
  openCodeDocument,
  openCodePlan,
  openCodeStatements,
  openCodeTables,
  sessionsOf,
  type OpenCodeRecord,
} from '@telltale/domain/testing';
import { hasSamples, samples, truth } from '../samples';
import { dollars, type Expected, type LaidOut } from './expected';

interface TrueModel {
  readonly input: number;
  readonly output: number;
  readonly reasoning: number;
  readonly cache_read: number;
  readonly cache_write: number;
  readonly cost: number;
}
interface TrueSession {
  readonly file: string;
  readonly title: string;
  readonly parent: string | null;
  readonly directory: string;
  readonly created: number;
  readonly user_messages: number;
  readonly assistant_messages: number;
  readonly errors: number;
  readonly by_model: Readonly<Record<string, TrueModel>>;
  readonly cost_usd: number;
  readonly tool_calls: Readonly<Record<string, number>>;
}
type Fields = Readonly<Record<string, unknown>>;
interface Export {
  readonly info: Fields & { readonly id: string; readonly projectID: string };
  readonly messages: readonly { readonly info: Fields; readonly parts: readonly Fields[] }[];
}

/** Generated sessions and forks, in either store and in both; real ones and fixtures where they are at hand. */
export function layOutOpenCode(folder: string): LaidOut {
  const root = join(folder, 'opencode');
  mkdirSync(root, { recursive: true });
  const generated = generatedSessions(root);
  const roots = [root, ...(hasSamples ? layOutSamples(folder) : [])];
  const sessions = [...generated, ...(hasSamples ? [...realSessions(), ...fixtures] : [])];
  return { env: { OPENCODE_DATA_DIR: roots.join(',') }, sessions, broken: 0 };
}

/** What the trimmed stores of other versions hold, counted by hand. */
const fixtures: readonly Expected[] = [
  { id: 's_stage0_large', prompts: 2, messages: 4, toolCalls: 1 },
  { id: 's_stage0_small', prompts: 1, messages: 2 },
  { id: 's_stage0_drift', prompts: 1, messages: 2 },
];

function generatedSessions(root: string): Expected[] {
  const database = new DatabaseSync(join(root, 'opencode.db'));
  for (const sql of openCodeTables) database.exec(sql);
  const plans = fc.sample(openCodePlan, { seed: 20260316, numRuns: 9 });
  const sessions = plans.flatMap((plan, n) => {
    const [own = [], fork = []] = sessionsOf([{ ...plan, isChild: false }]);
    for (const record of [...own, ...fork]) {
      if (n % 3 !== 0) writeRow(database, record);
      if (n % 3 !== 1) writeDocument(root, record);
    }
    const counted = countOpenCode([plan]);
    const { prompts, messages, toolCalls, toolErrors, reportedMicro } = counted;
    const expected: Expected[] = [
      {
        id: own[0]?.sessionId ?? '',
        ...{ prompts, messages, toolCalls, toolErrors, status: 'completed' },
        title: `About ${plan.seed.slice(0, 8)}`,
        reportedCostUsd: messages === prompts ? null : dollars(reportedMicro / 1e6),
      },
    ];
    // A fork's history counts where it happened.
    const [first] = fork;
    if (first) expected.push({ id: first.sessionId, prompts: 0, messages: 0, toolCalls: 0, costUsd: 0 });
    return expected;
  });
  database.close();
  return sessions;
}

function writeRow(database: DatabaseSync, record: OpenCodeRecord): void {
  for (const { sql, values } of openCodeStatements(record)) database.prepare(sql).run(...values);
}

function writeDocument(root: string, record: OpenCodeRecord): void {
  const { path, text } = openCodeDocument(record);
  write(join(root, path), text);
}

/** The real sessions twice, in each store. */
function layOutSamples(folder: string): string[] {
  const [sqlite, json, ...stores] = [
    ...['opencode-sqlite', 'opencode-json', 'opencode-fixtures-2', 'opencode-fixtures-1'],
  ].map((name) => join(folder, name)) as [string, string, string, string];
  mkdirSync(sqlite);
  cpSync(join(samples, 'opencode', 'derived', 'opencode.db'), join(sqlite, 'opencode.db'));
  for (const session of Object.values(truth<Readonly<Record<string, TrueSession>>>('opencode')))
    writeExport(join(json, 'storage'), session);
  for (const [n, name] of ['storage_v2', 'storage_legacy'].entries())
    cpSync(join(samples, 'agent-fixtures', 'opencode', name), join(stores[n] ?? '', 'storage'), {
      recursive: true,
    });
  return [sqlite, json, ...stores];
}

/** An exported session as the documents it was made of. Ids that were masked are made up as in the database. */
function writeExport(storage: string, { file, parent }: TrueSession): void {
  const { info, messages } = JSON.parse(
    readFileSync(join(samples, 'opencode', 'export', file), 'utf8'),
  ) as Export;
  const number = (n: number, digits: number): string => String(n).padStart(digits, '0');
  const idOf = (id: unknown, derived: string): string => (id === 'REDACTED' ? derived : String(id));
  const save = (path: string, document: object) =>
    write(join(storage, `${path}.json`), JSON.stringify(document, null, 2));
  save(`session/${info.projectID}/${info.id}`, { ...info, ...(parent === null ? {} : { parentID: parent }) });
  const short = info.id.slice('ses_'.length, 'ses_'.length + 12);
  for (const [m, message] of messages.entries()) {
    const id = idOf(message.info['id'], `msg_derived_${short}_${number(m, 4)}`);
    save(`message/${info.id}/${id}`, { ...message.info, id, sessionID: info.id });
    for (const [p, part] of message.parts.entries()) {
      const partId = idOf(part['id'], `prt_derived_${short}_${number(m, 4)}_${number(p, 3)}`);
      save(`part/${id}/${partId}`, { ...part, id: partId, messageID: id, sessionID: info.id });
    }
  }
}

function realSessions(): Expected[] {
  return Object.entries(truth<Readonly<Record<string, TrueSession>>>('opencode')).map(([id, session]) => ({
    id,
    source: 'opencode',
    status: 'completed',
    title: session.title,
    parentId: session.parent,
    project: session.directory,
    startedAt: new Date(session.created).toISOString(),
    prompts: session.user_messages,
    messages: session.user_messages + session.assistant_messages,
    errors: session.errors,
    tools: session.tool_calls,
    models: Object.fromEntries(
      Object.entries(session.by_model).map(([name, model]) => [
        name,
        {
          tokens: {
            input: model.input,
            output: model.output + model.reasoning,
            reasoning: model.reasoning,
            cacheRead: model.cache_read,
            cacheWrite5m: model.cache_write,
            cacheWrite1h: 0,
          },
          costUsd: dollars(model.cost),
        },
      ]),
    ),
    // OpenCode prices by the same table: its own figure is the computed one, too.
    costUsd: dollars(session.cost_usd),
    reportedCostUsd: dollars(session.cost_usd),
    unpricedModels: [],
  }));
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
