import * as fc from 'fast-check';
import {
  codexCorpus,
  decodeSource,
  MemoryReadModel,
  testDecoderLaws,
  type CodexCorpus,
  type SourceFile,
} from '../../testing';
import { viewOf } from '../../projecting';
import type { Observation } from '../../observation';
import { codexDecoder } from './decoder';

const now = Date.UTC(2027, 0, 1);
const corpusOfFiles = codexCorpus.map(({ files }) => files);

function read(files: readonly SourceFile[]): MemoryReadModel {
  const model = new MemoryReadModel();
  for (const file of files) model.apply(decodeSource(codexDecoder, file).observations, 'codex');
  return model;
}

/** As {@link read}, but each step takes so many of what one of the unread files tells. */
function inTurns(
  files: readonly SourceFile[],
  steps: readonly (readonly [number, number])[],
): MemoryReadModel {
  const model = new MemoryReadModel();
  let unread = files.map((file) => decodeSource(codexDecoder, file).observations);
  for (let n = 0; unread.length > 0; n++) {
    const [file, size] = steps[n % steps.length] ?? [0, 1];
    model.apply(unread[file % unread.length]?.splice(0, size) ?? [], 'codex');
    unread = unread.filter((rest) => rest.length > 0);
  }
  return model;
}

/** What the read model says was done in each session that something was done in. */
function counted(model: MemoryReadModel): unknown {
  const compactions = [...model.items.values()].filter(
    ({ kind, counted: owned }) => kind === 'compaction' && owned,
  );
  const sessions = [...model.sessions.values()].map((state) => {
    const { stats } = viewOf(state, now).summary;
    const { tools, tokensByModel } = viewOf(state, now).detail;
    const used = tokensByModel.filter(({ tokens }) => tokens.total > 0);
    return {
      id: state.id,
      prompts: stats.prompts,
      answers: stats.messages - stats.prompts,
      toolErrors: stats.toolErrors,
      errors: stats.errors,
      compactions: compactions.filter(({ sessionId }) => sessionId === state.id).length,
      tools: Object.fromEntries(
        tools.filter(({ calls }) => calls > 0).map(({ name, calls }) => [name, calls]),
      ),
      models: Object.fromEntries(used.map(({ model: name, tokens }) => [name, tokens])),
    };
  });
  return sessions.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The same from what was noted while the files were written. */
function done({ deeds }: CodexCorpus): unknown {
  return [...deeds.sessions]
    .map(([id, { tools, models, ...counts }]) => ({
      id,
      ...counts,
      tools: Object.fromEntries(tools),
      models: Object.fromEntries(
        [...models].map(([name, { input, cached, cacheWrite, output, reasoning }]) => [
          name,
          {
            input: input - cached - cacheWrite,
            output,
            cacheWrite5m: cacheWrite,
            cacheWrite1h: 0,
            cacheRead: cached,
            reasoning,
            total: input + output,
          },
        ]),
      ),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

describe('laws of the Codex decoder', () => {
  testDecoderLaws({ decoder: codexDecoder, corpus: corpusOfFiles });

  it('comes to what was done, each thing once and with the session that did it', () => {
    fc.assert(
      fc.property(codexCorpus, (corpus) => expect(counted(read(corpus.files))).toEqual(done(corpus))),
      { numRuns: 400 },
    );
  });

  it('does not depend on how files are read in turns', () => {
    const steps = fc.array(fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(corpusOfFiles, steps, (files, plan) =>
        expect(inTurns(files, plan).shown()).toEqual(read(files).shown()),
      ),
      { numRuns: 60 },
    );
  });

  it('refuses the lines that are broken, and no other', () => {
    fc.assert(
      fc.property(corpusOfFiles, (files) => {
        for (const file of files) {
          const refused = decodeSource(codexDecoder, file).outcomes.filter(({ ok }) => !ok);
          expect(refused).toHaveLength(file.lines.filter((line) => line.endsWith('"payl')).length);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('finds the full text of all it told, in the line it told it of', () => {
    const hasText = ({ type }: Observation) =>
      ['prompt', 'assistant', 'tool-use', 'tool-result'].includes(type);
    fc.assert(
      fc.property(corpusOfFiles, (files) => {
        for (const file of files)
          for (const one of decodeSource(codexDecoder, file).observations.filter(hasText))
            expectFullText(file.lines[one.place.line] ?? '', one);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps little from line to line', () => {
    fc.assert(
      fc.property(corpusOfFiles, (files) => {
        for (const file of files)
          expect(JSON.stringify(decodeSource(codexDecoder, file).state).length).toBeLessThan(4000);
      }),
      { numRuns: 40 },
    );
  });
});

function expectFullText(line: string, one: Observation): void {
  if (!('key' in one)) return;
  const full = codexDecoder.fullText(line, one.key);
  if (one.type === 'tool-use')
    expect(full?.input?.replaceAll(/\s/g, '')).toContain(one.input.replaceAll(/\s/g, ''));
  else if (one.type === 'tool-result') expect(full?.result).toContain(one.preview);
  else if ('preview' in one) expect(full?.text).toContain(one.preview);
}
