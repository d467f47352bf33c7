import * as fc from 'fast-check';
import {
  contextOf,
  corpus,
  countQuickly,
  countSlowly,
  decodeFile,
  type Corpus,
  type SessionFigures,
  type SessionOracle,
} from '../../testing';
import type { Observation } from '../../observation';
import { claudeCodeDecoder } from './decoder';

const count = (files: Corpus): ReadonlyMap<string, SessionFigures> =>
  countQuickly(files.flatMap((file) => decodeFile(claudeCodeDecoder, file).observations));

/** Figures of the sessions that own anything, in a form to compare. */
function busy(figures: ReadonlyMap<string, SessionFigures | SessionOracle>): unknown {
  return [...figures]
    .map(([id, { prompts, messages, toolCalls, models }]) => ({
      id,
      counts: { prompts, messages, toolCalls },
      models: Object.fromEntries([...models].sort()),
    }))
    .filter(({ counts }) => counts.messages + counts.toolCalls > 0)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

type WithText = Extract<Observation, { type: 'prompt' | 'assistant' | 'tool-use' | 'tool-result' }>;

function hasText(one: Observation): one is WithText {
  return ['prompt', 'assistant', 'tool-use', 'tool-result'].includes(one.type);
}

function expectFullText(line: string, one: WithText): void {
  const full = claudeCodeDecoder.fullText(line, one.key);
  if (one.type === 'tool-use') expect(JSON.parse(full?.input ?? '')).toEqual(JSON.parse(one.input));
  else expect(one.type === 'tool-result' ? full?.result : full?.text).toContain(one.preview);
}

describe('laws of decoding and counting', () => {
  it('agrees with a slow count straight from the rules', () => {
    fc.assert(
      fc.property(corpus, (files) => {
        const { sessions, malformed } = countSlowly(files);
        expect(busy(count(files))).toEqual(busy(sessions));
        const outcomes = files.flatMap((file) => decodeFile(claudeCodeDecoder, file).outcomes);
        expect(outcomes.filter(({ ok }) => !ok)).toHaveLength(malformed);
      }),
      { numRuns: 200 },
    );
  });

  it('does not depend on the order of files, nor on seeing them twice', () => {
    const mixed = corpus.chain((files) =>
      fc.tuple(
        fc.constant(files),
        fc.shuffledSubarray([...files, ...files], { minLength: 2 * files.length }),
      ),
    );
    fc.assert(
      fc.property(mixed, ([files, twice]) => expect(busy(count(twice))).toEqual(busy(count(files)))),
      { numRuns: 100 },
    );
  });

  it('does not depend on how a file is cut into calls: the state between them is JSON', () => {
    fc.assert(
      fc.property(corpus, fc.nat(20), (files, cut) => {
        for (const file of files) {
          const whole = decodeFile(claudeCodeDecoder, file);
          const context = contextOf(file.path);
          const sink: Observation[] = [];
          let state = claudeCodeDecoder.initialState(context);
          let offset = 0;
          file.lines.forEach((line, n) => {
            if (n % (cut + 1) === 0) state = JSON.parse(JSON.stringify(state));
            claudeCodeDecoder.decodeLine(state, line, context, { sequence: 1, line: n, offset }, sink);
            offset += line.length + 1;
          });
          expect(sink).toEqual(whole.observations);
          expect(state).toEqual(whole.state);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('finds the full text of all it told, in the line it told it of', () => {
    fc.assert(
      fc.property(corpus, (files) => {
        for (const file of files) {
          for (const one of decodeFile(claudeCodeDecoder, file).observations.filter(hasText)) {
            expectFullText(file.lines[one.place.line] ?? '', one);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});
