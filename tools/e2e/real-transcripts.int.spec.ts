import type { AnalyticsSummary, Session, SessionList } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TelltaleProcess } from '../harness/telltale-process';
import { newRoot } from './fixture';
import { hasSamples, samples } from './samples';

interface Truth {
  readonly 'claude-code': {
    readonly all_files_deduped: { readonly by_model: Readonly<Record<string, TrueModel>> };
  };
  readonly 'claude-growth': { readonly files: Readonly<Record<string, TrueFile>> };
}
interface TrueModel {
  readonly input: number;
  readonly output: number;
  readonly cache_5m: number;
  readonly cache_1h: number;
  readonly cache_read: number;
  readonly cost_usd: number;
}
interface TrueFile {
  readonly user: { readonly prompt?: number };
  readonly assistant_messages: number;
  readonly tool_calls: Readonly<Record<string, number>>;
  readonly by_model: Readonly<Record<string, TrueModel>>;
}

const describeSamples = hasSamples ? describe : undefined;

describeSamples?.('real transcripts through the whole product', () => {
  const truth = hasSamples
    ? (JSON.parse(readFileSync(join(samples, 'truth.json'), 'utf8')) as Truth)
    : undefined;

  it('counts every token class by model exactly, and the cost to a millionth of a dollar', async () => {
    const telltale = await TelltaleProcess.start({ claudeRoot: join(samples, 'claude-code') });
    try {
      const expected = Object.entries(truth?.['claude-code'].all_files_deduped.by_model ?? {});
      await eventually(
        async () => {
          const { groups } = await telltale.get<AnalyticsSummary>('/api/analytics/summary?groupBy=model');
          const models = new Map(groups.map((group) => [group.key, group]));
          for (const [model, figures] of expected) {
            const { tokens, costUsd } = models.get(model) ?? { tokens: null, costUsd: null };
            expect({ model, ...classes(tokens) }).toEqual({ model, ...trueClasses(figures) });
            expect(costUsd).toBeCloseTo(figures.cost_usd, 6);
          }
          expect(groups.filter(({ key, tokens }) => key !== null && (tokens?.total ?? 0) > 0)).toHaveLength(
            expected.length,
          );
        },
        { timeoutMs: 60_000, everyMs: 200 },
      );
      const list = await telltale.get<SessionList>('/api/sessions?limit=200');
      expect(list.total).toBe(27); // of 28 files one holds only summaries: no session
    } finally {
      await telltale.stop();
    }
  });

  it('counts a growing transcript afresh after each of its states', async () => {
    const root = newRoot();
    const telltale = await TelltaleProcess.start({ claudeRoot: root });
    try {
      const [session] = readdirSync(join(samples, 'claude-growth')).filter((name) => name.includes('-'));
      const folder = join(root, 'projects', '-growing');
      mkdirSync(folder);
      let length = 0;
      for (const state of ['1', '2', '3', '4', '5']) {
        const name = `${session ?? ''}/${state}.jsonl`;
        const bytes = readFileSync(join(samples, 'claude-growth', name));
        appendFileSync(join(folder, `${session ?? ''}.jsonl`), bytes.subarray(length));
        length = bytes.length;
        const figures = truth?.['claude-growth'].files[name];
        await eventually(async () =>
          expectFigures(await telltale.get<Session>(`/api/sessions/${session ?? ''}`), figures),
        );
      }
    } finally {
      await telltale.stop();
      rmSync(root, { recursive: true, force: true });
    }
  });
});

function expectFigures(session: Session, figures: TrueFile | undefined): void {
  const { prompts, messages, toolCalls } = session.stats;
  const truePrompts = figures?.user.prompt ?? 0;
  const trueCalls = Object.values(figures?.tool_calls ?? {}).reduce((sum, calls) => sum + calls, 0);
  expect({ prompts, messages, toolCalls }).toEqual({
    prompts: truePrompts,
    messages: truePrompts + (figures?.assistant_messages ?? 0),
    toolCalls: trueCalls,
  });
  const models = new Map(session.tokensByModel.map((model) => [model.model, model]));
  for (const [model, trueModel] of Object.entries(figures?.by_model ?? {})) {
    expect(classes(models.get(model)?.tokens ?? null)).toEqual(trueClasses(trueModel));
    expect(models.get(model)?.costUsd).toBeCloseTo(trueModel.cost_usd, 6);
  }
}

function classes(tokens: Session['stats']['tokens'] | null): Record<string, number | undefined> {
  return {
    input: tokens?.input,
    output: tokens?.output,
    cache_5m: tokens?.cacheWrite5m,
    cache_1h: tokens?.cacheWrite1h,
    cache_read: tokens?.cacheRead,
  };
}

function trueClasses({ input, output, cache_5m, cache_1h, cache_read }: TrueModel): Record<string, number> {
  return { input, output, cache_5m, cache_1h, cache_read };
}
