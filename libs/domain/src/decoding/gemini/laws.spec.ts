import * as fc from 'fast-check';
import {
  countGemini,
  decodeSource,
  geminiCorpus,
  geminiDocument,
  geminiLines,
  geminiSession,
  MemoryReadModel,
  testDecoderLaws,
  type SourceFile,
} from '../../testing';
import { viewOf } from '../../projecting';
import { geminiDecoder } from './decoder';

const now = Date.UTC(2026, 5, 1);

function totals(files: readonly SourceFile[]) {
  const model = new MemoryReadModel();
  for (const file of files) model.apply(decodeSource(geminiDecoder, file).observations, 'gemini');
  const stats = [...model.sessions.values()].map((state) => viewOf(state, now).summary.stats);
  const sum = (of: (one: (typeof stats)[number]) => number) => stats.reduce((all, one) => all + of(one), 0);
  return {
    prompts: sum(({ prompts }) => prompts),
    answers: sum(({ messages, prompts }) => messages - prompts),
    calls: sum(({ toolCalls }) => toolCalls),
    total: sum(({ tokens }) => tokens.total),
  };
}

describe('laws of the Gemini decoder', () => {
  testDecoderLaws({ decoder: geminiDecoder, corpus: geminiCorpus });

  it('counts each message once, in whatever formats, copies and forks it comes', () => {
    fc.assert(
      fc.property(fc.array(geminiSession, { minLength: 1, maxLength: 3 }), fc.uuid(), (sessions, id) => {
        const files = sessions.flatMap((session) => [
          geminiDocument(session),
          geminiLines(session, 'other'),
          geminiLines({ ...session, sessionId: id }),
        ]);
        expect(totals(files)).toEqual(countGemini(sessions));
      }),
      { numRuns: 60 },
    );
  });

  it('shows a chat that was told as it grew as one that is told at its end, and both told again', () => {
    const state = (files: readonly SourceFile[]) => {
      const model = new MemoryReadModel();
      for (const file of files) model.apply(decodeSource(geminiDecoder, file).observations, 'gemini');
      return model.shown();
    };
    fc.assert(
      fc.property(geminiSession, (session) => {
        const file = geminiDocument({ ...session, startTime: '2026-01-01T00:00:00.000Z' });
        const [metadata = '', ...messages] = file.lines;
        // Its own fields change each time it is written; of the messages those are told that are new.
        const grown = { ...file, lines: messages.flatMap((message) => [metadata, message]) };
        const told = { ...grown, lines: [...grown.lines, metadata] };
        expect(state([told])).toEqual(state([file]));
        expect(state([told, file])).toEqual(state([file]));
        expect(state([file, told])).toEqual(state([file]));
      }),
      { numRuns: 100 },
    );
  });

  it('finds the full text of all it told, in the line it told it of', () => {
    fc.assert(
      fc.property(geminiSession, (session) => {
        for (const file of [geminiDocument(session), geminiLines(session)]) {
          for (const one of decodeSource(geminiDecoder, file).observations) {
            if (!('key' in one)) continue;
            const full = geminiDecoder.fullText(file.lines[one.place.line] ?? '', one.key);
            if (one.type === 'tool-use') expect(JSON.parse(full?.input ?? '')).toEqual(JSON.parse(one.input));
            else if (one.type === 'tool-result') expect(full?.result).toContain(one.preview);
            else if ('preview' in one) expect(full?.text).toContain(one.preview);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
