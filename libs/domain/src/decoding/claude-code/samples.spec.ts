import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { decideEntries } from '../../counting';
import { priceOf } from '../../pricing';
import { decodeFile, usageOf, type DecodedFile } from '../../testing';
import {
  hasSamples,
  readTruth,
  sampleLines,
  samplesFolder,
  type FileTruth,
  type ModelTruth,
} from '../../testing/samples';
import { assistant, observe, record, user } from '../../testing/given-records';
import type { Observation } from '../../observation';
import { claudeCodeDecoder } from './decoder';

type Named = { readonly key: string; readonly name: string };

function decode(path: string, asPath = path): DecodedFile {
  return decodeFile(claudeCodeDecoder, { path: asPath, lines: sampleLines(path) });
}

/** Tokens exactly and cost to a millionth of a dollar, in the words of the truth file. */
function byModel(seen: readonly Observation[]): { [model: string]: ModelTruth } {
  const models: { [model: string]: ModelTruth } = {};
  for (const candidates of usageOf(seen).values()) {
    for (const { winner } of decideEntries(candidates.map(({ row }) => row))) {
      const { input, output, cacheWrite5m, cacheWrite1h, cacheRead } = winner.tokens;
      const sum = models[winner.model] ?? {
        input: 0,
        output: 0,
        cache_5m: 0,
        cache_1h: 0,
        cache_read: 0,
        api_messages: 0,
        fast_messages: 0,
        cost_usd: 0,
      };
      models[winner.model] = {
        input: sum.input + input,
        output: sum.output + output,
        cache_5m: sum.cache_5m + cacheWrite5m,
        cache_1h: sum.cache_1h + cacheWrite1h,
        cache_read: sum.cache_read + cacheRead,
        api_messages: sum.api_messages + 1,
        fast_messages: sum.fast_messages + Number(winner.speed === 'fast'),
        cost_usd: sum.cost_usd + Number(priceOf(winner).pico) / 1e12,
      };
    }
  }
  return models;
}

function expectModels(seen: readonly Observation[], truth: FileTruth['by_model']): void {
  const closeTo = ({ cost_usd, ...tokens }: ModelTruth): object => ({
    ...tokens,
    cost_usd: expect.closeTo(cost_usd, 6),
  });
  expect(byModel(seen)).toEqual(
    Object.fromEntries(Object.entries(truth).map(([model, one]) => [model, closeTo(one)])),
  );
}

function countNames(uses: readonly Named[]): { [name: string]: number } {
  const counts: { [name: string]: number } = {};
  for (const name of new Map(uses.map((use) => [use.key, use.name])).values())
    counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function distinct(
  seen: readonly Observation[],
  type: Observation['type'],
  isCounted: (one: Observation) => boolean = () => true,
): number {
  return new Set(
    seen.flatMap((one) => (one.type === type && 'key' in one && isCounted(one) ? [one.key] : [])),
  ).size;
}

function lastRegister(seen: readonly Observation[], name: string): unknown {
  const values = seen.flatMap((one) => (one.type === 'registers' ? Object.entries(one.registers) : []));
  const last = values.filter(([register]) => register === name).at(-1)?.[1] as
    { readonly value: unknown } | undefined;
  return last?.value ?? null;
}

/** What can be said of a file on its own: its agent's records are those the truth file counts as the file's own. */
function figuresOf({ observations: seen, outcomes }: DecodedFile, isAgentFile: boolean): object {
  const own = (one: Observation): boolean => isAgentFile || one.agentId === null;
  const uses = seen.filter((one) => one.type === 'tool-use');
  const times = seen.filter((one) => one.type === 'activity').map((one) => one.at);
  return {
    malformed: outcomes.filter(({ ok }) => !ok).length,
    prompts: distinct(seen, 'prompt'),
    tools: countNames(uses.filter(own)),
    progressTools: countNames(uses.filter((one) => !own(one))),
    messages: distinct(seen, 'assistant', own),
    results: distinct(seen, 'tool-result', own),
    failed: distinct(seen, 'tool-result', (one) => own(one) && one.type === 'tool-result' && one.isError),
    compactions: distinct(seen, 'compaction'),
    interruptions: distinct(seen, 'error', (one) => one.type === 'error' && one.kind === 'interrupted'),
    apiErrors: distinct(
      seen,
      'error',
      (one) => one.type === 'error' && !['interrupted', 'synthetic'].includes(one.kind),
    ),
    cwd: lastRegister(seen, 'projectPath'),
    branch: lastRegister(seen, 'branch'),
    first: times.length > 0 ? new Date(Math.min(...times)).toISOString() : null,
    last: times.length > 0 ? new Date(Math.max(...times)).toISOString() : null,
    title: lastRegister(seen, 'aiTitle') ?? lastRegister(seen, 'summaryTitle'),
  };
}

function truthOf(truth: FileTruth): object {
  return {
    malformed: truth.malformed,
    prompts: truth.user['prompt'] ?? 0,
    tools: truth.tool_calls,
    progressTools: truth.progress_tool_calls,
    messages: truth.assistant_messages,
    results: truth.tool_results,
    failed: truth.tool_errors,
    compactions: truth.compactions,
    interruptions: truth.user['interrupt'] ?? 0,
    apiErrors: truth.api_error_records + truth.api_error_messages,
    cwd: truth.cwd,
    branch: truth.git_branch_last,
    first: truth.first_timestamp,
    last: truth.last_timestamp,
    title: truth.title === null ? null : Object.values(truth.title)[0],
  };
}

/** Small enough to be counted by hand, for where the samples are not at hand. */
describe('a transcript counted by hand', () => {
  const usage = (output: number): object => ({
    input_tokens: 10,
    output_tokens: output,
    cache_creation_input_tokens: 100,
    cache_read_input_tokens: 1000,
  });
  const model = 'claude-opus-4-6';
  const read = { type: 'tool_use', id: 'toolu_1', name: 'Read', input: {} };
  const found = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'x' };
  const carried = assistant([], { uuid: 'u9' }, { id: 'msg_2', model, usage: usage(5) });
  const seen = observe([
    user('Fix it', { uuid: 'u0' }),
    assistant([{ type: 'text', text: 'Sure' }], { uuid: 'u1' }, { model, usage: usage(1) }),
    assistant([read], { uuid: 'u2' }, { model, usage: usage(40) }),
    user([found], { uuid: 'u3' }),
    record('progress', { uuid: 'u4', data: { type: 'agent_progress', agentId: 'a', message: carried } }),
    record('progress', { uuid: 'u5', data: { type: 'agent_progress', agentId: 'a', message: carried } }),
  ]);

  it('has two calls: one streamed over two lines, one told twice by a subagent', () => {
    // 2 × (10 × $5 + 100 × $6.25 + 1000 × $0.5) + 45 × $25 a million
    const sum = { input: 20, output: 45, cache_5m: 200, cache_1h: 0, cache_read: 2000 };
    expectModels(seen, { [model]: { ...sum, api_messages: 2, fast_messages: 0, cost_usd: 0.003475 } });
  });
});

// A clone without the samples has the cases above and the laws; their absence is no failure.
if (hasSamples) {
  describe('real transcripts, against their independently counted truth', () => {
    const truth = readTruth();
    const files = Object.entries(truth['claude-code'].files);

    it.each(files)('%s', (path, expected) => {
      const decoded = decode(join('claude-code', path), path);
      expect(figuresOf(decoded, path.includes('agent-'))).toEqual(truthOf(expected));
      expectModels(decoded.observations, expected.by_model);
    });

    it('all files together, each message once', () => {
      const all = files.flatMap(([path]) => decode(join('claude-code', path), path).observations);
      const whole = truth['claude-code'].all_files_deduped;
      expectModels(all, whole.by_model);
      expect(Object.values(byModel(all)).reduce((sum, { cost_usd }) => sum + cost_usd, 0)).toBeCloseTo(
        whole.cost_usd,
        6,
      );
    });

    it.each(Object.entries(truth['claude-growth'].files))('a growing transcript: %s', (path, expected) => {
      const decoded = decode(join('claude-growth', path), `projects/-x/${path.split('/')[0]}.jsonl`);
      expect(figuresOf(decoded, false)).toEqual(truthOf(expected));
      expectModels(decoded.observations, expected.by_model);
    });

    it('todo lists end as they were left', () => {
      for (const [path, { todos_last: expected }] of files) {
        if (expected === undefined) continue;
        const list = lastRegister(decode(join('claude-code', path), path).observations, 'todoList') as {
          status: string;
        }[];
        expect(list.filter((todo) => todo.status === 'completed')).toHaveLength(expected['completed'] ?? 0);
      }
    });

    it.each([
      ['small', [1, 5, 3, 2]],
      ['schema_drift', [1, 1, 0, 0]],
      ['large', [4, 5, 1, 1]],
    ])('trimmed transcripts of other versions: %s', (name, expected) => {
      const { observations, outcomes } = decode(
        `agent-fixtures/claude/${name}.jsonl`,
        `projects/-x/${name}.jsonl`,
      );
      expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
      const types = ['prompt', 'assistant', 'tool-use', 'tool-result'] as const;
      expect(types.map((type) => distinct(observations, type))).toEqual(expected);
    });

    it('a subagent of a newer version with its meta file', () => {
      const session = '0a1b2c3d-4e5f-4061-8071-2a3b4c5d6e7f';
      const folder = `agent-fixtures/claude/subagent/${session}/subagents/agent-a0ad4f44468bdf20d`;
      const asPath = folder.replace('agent-fixtures/claude/subagent', 'projects/-x');
      const seen = [
        ...decode(`${folder}.jsonl`, `${asPath}.jsonl`).observations,
        ...decode(`${folder}.meta.json`, `${asPath}.meta.json`).observations,
      ];
      expect(new Set(seen.map((one) => one.sessionId))).toEqual(new Set([session]));
      expect(seen.at(-1)).toMatchObject({
        type: 'agent',
        agentId: 'a0ad4f44468bdf20d',
        agentType: 'general-purpose',
      });
      const [use, result] = [
        seen.find((one) => one.type === 'tool-use'),
        seen.find((one) => one.type === 'tool-result'),
      ];
      expect(result?.key).toBe(use?.key === undefined ? 'no tool use' : 't:cu2');
    });

    it('side files by their shape', () => {
      const sidecars = 'claude-sidecars';
      expect(existsSync(join(samplesFolder, sidecars))).toBe(true);
      const records = decode(`${sidecars}/records-2.1.270.jsonl`, 'projects/-x/2efd1f5f.jsonl').observations;
      expect(lastRegister(records, 'reportedCostPico')).toBe('31924600000');
      expect(lastRegister(records, 'customTitle')).toBe('shp probe named');
      const meta = decode(
        `${sidecars}/subagents/agent-a1a6271c8023a6c65.meta.json`,
        'projects/-x/s/subagents/agent-a1.meta.json',
      );
      expect(meta.observations).toMatchObject([
        { type: 'agent', agentType: 'general-purpose', description: 'probe bg child' },
      ]);
      const index = decode(
        `${sidecars}/projects-index/sessions-index.json`,
        'projects/-x/sessions-index.json',
      ).observations;
      expect(lastRegister(index, 'summaryTitle')).toBe('Claude Code Session Storage Analysis Setup');
      const journal = decode(
        `${sidecars}/subagents/journal.jsonl`,
        'projects/-x/s/subagents/journal.jsonl',
      ).observations;
      expect(journal.map((one) => one.agentId)).toEqual(['aff491fda998b3fe0', 'aff491fda998b3fe0']);
    });
  });
}
