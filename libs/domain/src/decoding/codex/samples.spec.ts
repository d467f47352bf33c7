import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { viewOf } from '../../projecting';
import { decodeSource, MemoryReadModel, type DecodedSource, type SourceFile } from '../../testing';
import { hasSamples, sampleLines, samplesFolder } from '../../testing/samples';
import { codexDecoder } from './decoder';

interface ModelTruth {
  readonly input: number;
  readonly cached_input: number;
  readonly output: number;
  readonly reasoning_output: number;
  readonly events: number;
  readonly cost_usd: number;
}

interface CodexTruth {
  readonly malformed: number;
  readonly tool_calls: { readonly [tool: string]: number };
  readonly session_id: string;
  readonly cli_version: string;
  readonly cwd: string;
  readonly first_timestamp: string;
  readonly last_timestamp: string;
  readonly user_messages: number;
  readonly agent_messages: number;
  readonly turns_aborted: number;
  readonly compactions: number;
  readonly by_model: { readonly [model: string]: ModelTruth };
  readonly cost_usd: number;
  readonly rate_limits_last: {
    readonly [window: string]: { used_percent: number; window_minutes: number; resets_at: number };
  };
}

const root = '/home/dev/.codex';
const now = Date.UTC(2027, 0, 1);

function rollout(path: string, lines: readonly string[]): SourceFile {
  return { source: 'codex', host: 'atlas', root, path: `${root}/${path}`, fact: 'file.appended', lines };
}

function decodedSample(path: string): DecodedSource {
  return decodeSource(codexDecoder, rollout(path, sampleLines(join('codex', path))));
}

function viewsOf(decoded: readonly DecodedSource[]) {
  const model = new MemoryReadModel();
  for (const { observations } of decoded) model.apply(observations, 'codex');
  return [...model.sessions.values()].map((state) => viewOf(state, now));
}

function tokensOf({ input, cached_input, output, reasoning_output }: ModelTruth) {
  return {
    input: input - cached_input,
    output,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    cacheRead: cached_input,
    reasoning: reasoning_output,
    total: input + output,
  };
}

// A clone without the samples has the laws and the specs of each part; their absence is no failure.
if (hasSamples) {
  describe('real rollouts, against their independently counted truth', () => {
    const { codex: truth } = JSON.parse(readFileSync(join(samplesFolder, 'truth.json'), 'utf8')) as {
      codex: { readonly files: { readonly [path: string]: CodexTruth }; readonly cost_usd: number };
    };
    const files = Object.entries(truth.files);

    it.each(files)('%s', (path, expected) => {
      const decoded = decodedSample(path);
      expect(decoded.outcomes.filter(({ ok }) => !ok)).toHaveLength(expected.malformed);
      const [view, ...others] = viewsOf([decoded]);
      if (view === undefined) throw new Error('no session');
      expect(others).toEqual([]);
      const { summary, detail } = view;
      expect(summary).toMatchObject({
        id: expected.session_id,
        source: 'codex',
        project: { path: expected.cwd },
        phase: 'danger-full-access · never',
        model: 'gpt-5.5',
        startedAt: expected.first_timestamp,
        lastActivityAt: expected.last_timestamp,
        parentId: null,
      });
      expect(summary.stats).toMatchObject({
        prompts: expected.user_messages,
        messages: expected.user_messages + expected.agent_messages,
        errors: expected.turns_aborted,
        costUsd: expect.closeTo(expected.cost_usd, 6),
        unpricedModels: [],
      });
      expect(summary.stats.toolErrors).toBeLessThan(summary.stats.toolCalls);
      expect(Object.fromEntries(detail.tools.map(({ name, calls }) => [name, calls]))).toEqual(
        expected.tool_calls,
      );
      expect(detail.tokensByModel).toEqual(
        Object.entries(expected.by_model).map(([model, figures]) => ({
          model,
          tokens: tokensOf(figures),
          costUsd: expect.closeTo(figures.cost_usd, 6),
          messages: expected.agent_messages,
        })),
      );
      expect(detail.rateLimits.map(({ at: _, ...limit }) => limit)).toEqual(
        ['primary', 'secondary'].map((name) => ({
          name,
          usedPercent: expected.rate_limits_last[name]?.used_percent,
          windowMinutes: expected.rate_limits_last[name]?.window_minutes,
          resetsAt: new Date((expected.rate_limits_last[name]?.resets_at ?? 0) * 1000).toISOString(),
        })),
      );
    });

    it('rows of usage are the counts that changed the total', () => {
      for (const [path, expected] of files) {
        const rows = decodedSample(path).observations.filter(({ type }) => type === 'usage');
        const events = Object.values(expected.by_model).reduce((sum, one) => sum + one.events, 0);
        expect(rows).toHaveLength(events);
      }
    });

    it('titles are what was typed first, branches what was last', () => {
      const views = viewsOf(files.map(([path]) => decodedSample(path)));
      expect(views.map(({ summary }) => [summary.title?.slice(0, 24), summary.branch])).toEqual([
        ['make me a short cut so i', 'main'],
        ['kill local host 5173', 'main'],
        ['the score i got for just', 'main'],
        ['check out main and pull ', 'main'],
        ['there will be people run', 'codex/leaderboard-route'],
      ]);
    });

    it('finds the full text of all it told, in the line it told it of', () => {
      for (const [path] of files) {
        const lines = sampleLines(join('codex', path));
        for (const one of decodedSample(path).observations) {
          if (!('preview' in one)) continue;
          const full = codexDecoder.fullText(lines[one.place.line] ?? '', one.key);
          expect(one.type === 'tool-result' ? full?.result : full?.text).toContain(one.preview);
        }
      }
    });

    it('the same files under another host, archived, and in another order: the totals are the same', () => {
      const model = new MemoryReadModel();
      for (const [path] of [...files].reverse()) {
        const archived = `archived_sessions/${path.split('/').at(-1)}`;
        for (const place of [archived, path]) {
          const file = {
            ...rollout(place, sampleLines(join('codex', path))),
            host: place === path ? 'a' : 'b',
          };
          model.apply(decodeSource(codexDecoder, file).observations, 'codex');
        }
      }
      const views = [...model.sessions.values()].map((state) => viewOf(state, now));
      const cost = views.reduce((sum, { summary }) => sum + (summary.stats.costUsd ?? 0), 0);
      expect(views).toHaveLength(files.length);
      expect(cost).toBeCloseTo(truth.cost_usd, 6);
    });
  });

  describe('rollouts of other versions, trimmed or made up', () => {
    const folder = 'agent-fixtures/codex';
    const read = (name: string) =>
      decodeSource(codexDecoder, rollout(`sessions/2026/01/01/${name}`, sampleLines(join(folder, name))));

    it.each(readdirSync(join(samplesFolder, folder)))('%s is read whole', (name) => {
      expect(read(name).outcomes.filter(({ ok }) => !ok)).toEqual([]);
    });

    it.each([
      ['codex_053_rate_limit.jsonl', 'test-ratelimit-session', [0, 0, 12_273]],
      ['codex_050_legacy.jsonl', 'test-legacy-session', [0, 0, 0]],
      ['large.jsonl', '019b2ea4-aaaa-bbbb-cccc-58208e1f0000', [1, 1, 12_273]],
      ['schema_drift.jsonl', 'schema_drift', [2, 1, 0]],
    ])('%s: session %s', (name, id, figures) => {
      const [view] = viewsOf([read(name)]);
      const { messages, toolCalls, tokens } = view?.summary.stats ?? {};
      expect([view?.summary.id, [messages, toolCalls, tokens?.total]]).toEqual([id, figures]);
    });

    it('the newest: messages as items, compactions told twice, a review, limits', () => {
      const [view] = viewsOf([read('small.jsonl')]);
      expect(view?.summary).toMatchObject({ id: '019fc8be-3658-7ca3-9e29-000000000000', branch: 'main' });
      expect(view?.summary.stats.tokens).toMatchObject({ input: 12_757, cacheRead: 3584, reasoning: 63 });
      expect(view?.detail.rateLimits.length).toBeGreaterThan(0);
    });
  });
}
