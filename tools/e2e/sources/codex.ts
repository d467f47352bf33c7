import * as fc from 'fast-check';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { codexCorpus, type CodexCorpus } from '@telltale/domain/testing';
import { hasSamples, samples, truth } from '../samples';
import { dollars, type Expected, type ExpectedModel, type LaidOut } from './expected';

interface TrueModel {
  readonly input: number;
  readonly cached_input: number;
  readonly output: number;
  readonly reasoning_output: number;
  readonly cost_usd: number;
}
interface TrueFile {
  readonly session_id: string;
  readonly cwd: string;
  readonly first_timestamp: string;
  readonly user_messages: number;
  readonly agent_messages: number;
  readonly turns_aborted: number;
  readonly tool_calls: Readonly<Record<string, number>>;
  readonly by_model: Readonly<Record<string, TrueModel>>;
  readonly cost_usd: number;
}

/** Generated rollouts with forks, repeats and broken lines; real ones and fixtures where they are at hand. */
export function layOutCodex(folder: string): LaidOut {
  const home = join(folder, 'codex');
  const corpus = largestOf(fc.sample(codexCorpus, { seed: 20260617, numRuns: 40 }));
  for (const { path, root, lines, host } of corpus.files) {
    if (host !== 'atlas') continue; // a copy on another host
    const file = join(home, path.slice(root.length));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  }
  if (hasSamples) layOutSamples(home);
  const generated = [...corpus.deeds.sessions].map(([id, { answers, errors, models, tools, ...deeds }]) => ({
    id,
    prompts: deeds.prompts,
    messages: deeds.prompts + answers,
    errors,
    toolErrors: deeds.toolErrors,
    tools: Object.fromEntries(tools),
    models: Object.fromEntries(
      [...models].map(([model, { input, cached, cacheWrite, output, reasoning }]) => [
        model,
        { tokens: classes([input - cached - cacheWrite, cached, cacheWrite], output, reasoning) },
      ]),
    ),
  }));
  return {
    env: { CODEX_HOME: home },
    sessions: [...generated, ...(hasSamples ? [...realSessions(), ...fixtures] : [])],
    broken: brokenLinesIn(corpus),
  };
}

/** What the trimmed rollouts of other versions hold, counted by hand. */
const fixtures: readonly Expected[] = [
  { id: 'test-legacy-session', messages: 0, toolCalls: 0 },
  { id: 'test-usage-session', messages: 0, toolCalls: 0 },
  { id: 'test-raw-session', messages: 0, toolCalls: 0 },
  {
    id: 'test-ratelimit-session',
    messages: 0,
    toolCalls: 0,
    models: { unknown: { tokens: classes([1211, 10_880, 0], 182, 128) } },
    unpricedModels: ['unknown'],
  },
  { id: '019b2ea4-aaaa-bbbb-cccc-58208e1f0000', messages: 1, toolCalls: 1 },
  { id: 'rollout-schema_drift', prompts: 1, messages: 2, tools: { translate: 1 } },
  { id: '019fc8be-3658-7ca3-9e29-000000000000', project: '/tmp/repo', prompts: 3 },
];

function layOutSamples(home: string): void {
  cpSync(join(samples, 'codex', 'sessions'), join(home, 'sessions'), { recursive: true });
  const from = join(samples, 'agent-fixtures', 'codex');
  const to = join(home, 'sessions', '2026', '01', '01');
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) cpSync(join(from, name), join(to, `rollout-${name}`));
}

function realSessions(): Expected[] {
  const { files } = truth<{ readonly files: Readonly<Record<string, TrueFile>> }>('codex');
  return Object.values(files).map((file) => ({
    id: file.session_id,
    source: 'codex',
    status: 'completed',
    project: file.cwd,
    startedAt: file.first_timestamp,
    parentId: null,
    prompts: file.user_messages,
    messages: file.user_messages + file.agent_messages,
    errors: file.turns_aborted,
    tools: file.tool_calls,
    models: Object.fromEntries(
      Object.entries(file.by_model).map(([name, model]) => [name, expectedModel(model)]),
    ),
    costUsd: dollars(file.cost_usd),
    reportedCostUsd: null,
    unpricedModels: [],
  }));
}

/** What was read from the cache is part of the input, and reasoning is part of the output. */
function expectedModel({ input, cached_input, output, ...rest }: TrueModel): ExpectedModel {
  return {
    tokens: classes([input - cached_input, cached_input, 0], output, rest.reasoning_output),
    costUsd: dollars(rest.cost_usd),
  };
}

function classes(
  [input, cacheRead, cacheWrite5m]: readonly [number, number, number],
  output: number,
  reasoning: number,
): ExpectedModel['tokens'] {
  return { input, output, cacheWrite5m, cacheWrite1h: 0, cacheRead, reasoning };
}

/** The sessions of two corpora have the same ids. */
function largestOf(corpora: readonly CodexCorpus[]): CodexCorpus {
  const size = ({ deeds }: CodexCorpus) => deeds.sessions.size * 1000 + deeds.malformed;
  return corpora.reduce((largest, one) => (size(one) > size(largest) ? one : largest));
}

/** In whichever file they stand: a replay repeats its parent's, and a copy all of them. */
function brokenLinesIn({ files }: CodexCorpus): number {
  return files
    .filter(({ host }) => host === 'atlas')
    .flatMap(({ lines }) => lines)
    .filter((line) => !isJson(line)).length;
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
