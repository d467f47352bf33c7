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
