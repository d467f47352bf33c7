import * as fc from 'fast-check';
import { viewOf } from '../../projecting';
import {
  countOpenCode,
  decodeSource,
  MemoryReadModel,
  openCodeCorpus,
  openCodeDocuments,
  openCodePlan,
  openCodeRows,
  openCodeSession,
  sessionsOf,
  testDecoderLaws,
  type SourceFile,
} from '../../testing';
import { openCodeDecoder } from './decoder';

const now = Date.UTC(2027, 0, 1);

function modelOf(files: readonly SourceFile[]): MemoryReadModel {
  const model = new MemoryReadModel();
  for (const file of files) model.apply(decodeSource(openCodeDecoder, file).observations, file.source);
  return model;
}

function totals(files: readonly SourceFile[]): ReturnType<typeof countOpenCode> {
  const stats = [...modelOf(files).sessions.values()].map((state) => viewOf(state, now).summary.stats);
  const sum = (of: (one: (typeof stats)[number]) => number) => stats.reduce((all, one) => all + of(one), 0);
  return {
    prompts: sum((one) => one.prompts),
    messages: sum((one) => one.messages),
    toolCalls: sum((one) => one.toolCalls),
    toolErrors: sum((one) => one.toolErrors),
    input: sum(({ tokens }) => tokens.input),
    output: sum(({ tokens }) => tokens.output),
    reasoning: sum(({ tokens }) => tokens.reasoning),
    cacheRead: sum(({ tokens }) => tokens.cacheRead),
    cacheWrite5m: sum(({ tokens }) => tokens.cacheWrite5m),
    reportedMicro: Math.round(sum((one) => one.reportedCostUsd ?? 0) * 1e6),
  };
}

const plans = fc.uniqueArray(openCodePlan, { selector: ({ seed }) => seed, minLength: 1, maxLength: 3 });

describe('laws of the OpenCode decoder', () => {
  testDecoderLaws({ decoder: openCodeDecoder, corpus: openCodeCorpus });

  it('counts each thing once, from either store, from both, from several hosts, and with forks', () => {
    fc.assert(
      fc.property(plans, (made) => {
        const sessions = sessionsOf(made);
        const expected = countOpenCode(made);
        const documents = sessions.flatMap((versions) => openCodeDocuments(versions));
        const rows = sessions.flatMap((versions) => openCodeRows(versions));
        const copies = sessions.flatMap((versions) => openCodeRows(versions, 'other'));
        expect(totals(documents)).toEqual(expected);
        expect(totals(rows)).toEqual(expected);
        expect(totals([...copies, ...documents, ...rows])).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('tells the same of a session from either store', () => {
    fc.assert(
      fc.property(openCodePlan, (made) => {
        const [versions = []] = sessionsOf([{ ...made, isForked: false, isChild: false }]);
        const [shown, again] = [openCodeDocuments(versions), openCodeRows(versions)].map((files) =>
          [...modelOf(files).sessions.values()].map((state) => {
            const { summary, detail } = viewOf(state, now);
            return { summary: { ...summary, host: '' }, detail: { ...detail, files: [] } };
          }),
        );
        expect(shown).toEqual(again);
      }),
      { numRuns: 40 },
    );
  });

  it('tells a whole session: a subagent of its own, objectives, a failure, and both prices alike', () => {
    const versions = openCodeSession('demo', Date.UTC(2026, 2, 1, 9)).map(({ record }) => record);
    const [child, main] = [...modelOf(openCodeRows(versions)).sessions.values()]
      .map((state) => viewOf(state, now))
      .sort((a, b) => a.summary.stats.messages - b.summary.stats.messages);
    expect(main?.summary).toMatchObject({
      title: 'Cart totals are off by a cent',
      parentId: null,
      stats: { prompts: 2, toolErrors: 1, objectives: { completed: 3, total: 3 }, unpricedModels: [] },
    });
    expect(child?.summary).toMatchObject({
      parentId: main?.summary.id,
      phase: 'explore',
      stats: { messages: 4 },
    });
    for (const { stats } of [main, child].flatMap((one) => (one ? [one.summary] : [])))
      expect(stats.costUsd).toBeCloseTo(stats.reportedCostUsd ?? 0, 9);
  });

  it('finds the full text of all it told, in the line it told it of', () => {
    fc.assert(
      fc.property(openCodePlan, (made) => {
        const [versions = []] = sessionsOf([made]);
        for (const file of [...openCodeDocuments(versions), ...openCodeRows(versions)]) expectFullTexts(file);
      }),
      { numRuns: 30 },
    );
  });
});

function expectFullTexts(file: SourceFile): void {
  for (const one of decodeSource(openCodeDecoder, file).observations) {
    if (!('key' in one) || one.type === 'compaction') continue;
    const full = openCodeDecoder.fullText(file.lines[one.place.line] ?? '', one.key);
    if (one.type === 'tool-use') expect(JSON.parse(full?.input ?? '')).toEqual(JSON.parse(one.input));
    else if (one.type === 'tool-result') expect(full?.result).toContain(one.preview);
    else expect(full?.text).toContain('preview' in one ? one.preview : one.message);
  }
}
