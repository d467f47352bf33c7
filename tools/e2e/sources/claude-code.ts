import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { countSlowly } from '@telltale/domain/testing';
import { hasSamples, samples, truth } from '../samples';
import { someTranscripts, write } from '../transcripts';
import { dollars, type Expected, type ExpectedModel, type LaidOut } from './expected';

interface TrueModel {
  readonly input: number;
  readonly output: number;
  readonly cache_5m: number;
  readonly cache_1h: number;
  readonly cache_read: number;
  readonly api_messages: number;
  readonly cost_usd: number;
}
interface TrueFile {
  readonly title: Readonly<Record<string, string>> | null;
  readonly todos_last?: Readonly<Record<string, number>>;
  readonly cwd: string | null;
  /** What subagents did whose records stand in their parent's file. */
  readonly progress_tool_calls: Readonly<Record<string, number>>;
}
interface TrueSession {
  readonly files: readonly string[];
  readonly main_file: string | null;
  readonly by_model: Readonly<Record<string, TrueModel>>;
  readonly cost_usd: number;
  readonly tool_calls_with_subagents: Readonly<Record<string, number>>;
  readonly user_prompts: number;
  readonly first_timestamp: string;
}
interface Truth {
  readonly files: Readonly<Record<string, TrueFile>>;
  readonly sessions: Readonly<Record<string, TrueSession>>;
}

/** Generated transcripts with subagents, forks and broken lines; real ones and fixtures where they are at hand. */
export function layOutClaudeCode(folder: string): LaidOut {
  const root = join(folder, 'claude');
  const transcripts = someTranscripts();
  write(root, transcripts);
  if (hasSamples) layOutFixtures(root);
  const roots = [root, ...(hasSamples ? [join(samples, 'claude-code')] : [])];
  const { malformed, sessions } = countSlowly(transcripts);
  const generated = [...sessions].flatMap(([id, { startedAt, models, ...figures }]): Expected[] => {
    const { prompts, messages, toolCalls } = figures;
    if (startedAt === Infinity) return []; // state records alone are no session
    const used = [...models].map(([model, { entries: _, ...tokens }]) => [model, { tokens }] as const);
    return [{ id, prompts, messages, toolCalls, status: 'completed', models: Object.fromEntries(used) }];
  });
  return {
    env: { CLAUDE_CONFIG_DIR: roots.join(',') },
    sessions: [...generated, ...(hasSamples ? [...realSessions(), ...fixtures] : [])],
    broken: malformed,
  };
}

/**
 * What the trimmed transcripts of other versions hold, counted by hand. Their made-up ids are the same ones in each:
 * what has the id of an earlier one counts there.
 */
const fixtures: readonly Expected[] = [
  { id: 'small', prompts: 1, messages: 6, toolCalls: 3 },
  { id: 'schema_drift', startedAt: '2025-12-16T01:00:00.000Z' },
  { id: 'large', startedAt: '2025-12-16T02:00:00.000Z' },
  { id: '0a1b2c3d-4e5f-4061-8071-2a3b4c5d6e7f', project: '/tmp' },
];

function layOutFixtures(root: string): void {
  const project = join(root, 'projects', '-fixtures');
  mkdirSync(project, { recursive: true });
  const from = join(samples, 'agent-fixtures', 'claude');
  for (const name of ['small', 'schema_drift', 'large'])
    cpSync(join(from, `${name}.jsonl`), join(project, `${name}.jsonl`));
  cpSync(join(from, 'subagent'), project, { recursive: true });
}

function realSessions(): Expected[] {
  const { files, sessions } = truth<Truth>('claude-code');
  return Object.entries(sessions).flatMap(([path, session]): Expected[] => {
    const main = session.main_file === null ? undefined : files[session.main_file];
    const calls = Object.values(session.by_model).reduce((sum, model) => sum + model.api_messages, 0);
    if (session.user_prompts + calls === 0) return []; // it holds summaries alone
    const title = Object.values(main?.title ?? {})[0];
    const todos = main?.todos_last;
    return [
      {
        id: path.split('/').at(-1) ?? '',
        source: 'claude-code',
        status: 'completed',
        startedAt: session.first_timestamp,
        ...(main === undefined ? {} : { project: main.cwd }),
        prompts: session.user_prompts,
        messages: session.user_prompts + calls,
        tools: added(session, files),
        ...(title === undefined ? {} : { title }),
        ...(todos === undefined ? {} : { objectives: objectivesOf(todos) }),
        models: Object.fromEntries(
          Object.entries(session.by_model).map(([name, model]) => [name, expectedModel(model)]),
        ),
        costUsd: dollars(session.cost_usd),
        unpricedModels: [],
      },
    ];
  });
}

/** Calls of subagents count wherever they are told of. */
function added(session: TrueSession, files: Truth['files']): Record<string, number> {
  const tools: Record<string, number> = { ...session.tool_calls_with_subagents };
  for (const path of session.files)
    for (const [name, calls] of Object.entries(files[path]?.progress_tool_calls ?? {}))
      tools[name] = (tools[name] ?? 0) + calls;
  return tools;
}

function objectivesOf(todos: Readonly<Record<string, number>>): { completed: number; total: number } {
  const total = Object.values(todos).reduce((sum, count) => sum + count, 0);
  return { completed: todos['completed'] ?? 0, total };
}

function expectedModel({
  input,
  output,
  cache_5m,
  cache_1h,
  cache_read,
  cost_usd,
}: TrueModel): ExpectedModel {
  const tokens = { input, output, cacheWrite5m: cache_5m, cacheWrite1h: cache_1h, cacheRead: cache_read };
  return { tokens, costUsd: dollars(cost_usd) };
}
