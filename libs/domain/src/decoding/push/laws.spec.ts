import * as fc from 'fast-check';
import type { Observation } from '../../observation';
import { pushDecoder } from './decoder';
import { rememberedKeys } from './state';
import { decode, end, inTime, message, messages, shownOf, summaryOf } from './testing/given-lines';

const announcement = {
  kind: 'session',
  at: '',
  title: 'A chat',
  user: 'ada',
  model: 'claude-opus-4-6',
} as const;

/** A session from its announcement to its end. */
const session = messages.map((all) => [announcement, ...all, end(0, 'completed', 'end')]);

/** Lines of a log, some of which are retries of lines before them. */
interface Retried {
  readonly line: object;
  readonly isRetry: boolean;
}

/** After each line of a session some that were said up to there are said again. */
const retried: fc.Arbitrary<Retried[]> = session.chain((lines) =>
  fc
    .tuple(...lines.map((_, n) => fc.array(fc.nat(n), { maxLength: 3 })))
    .map((retries) =>
      lines.flatMap((line, n) => [
        { line, isRetry: false },
        ...(retries[n] ?? []).map((which) => ({ line: lines[which] as object, isRetry: true })),
      ]),
    ),
);

/** The figures that go by keys, whatever the order was. */
function figuresOf(lines: readonly object[]) {
  const { stats, tokensByModel, tools } = summaryOf(...lines);
  return { stats, tokensByModel, calls: (tools as { name: string; calls: number }[]).length };
}

describe('laws of pushed sessions', () => {
  it('said again is not said twice: nothing that is shown changes, times included', () => {
    fc.assert(
      fc.property(retried, (log) => {
        const all = inTime(log.map(({ line }) => line));
        const firsts = all.filter((_, n) => !log[n]?.isRetry);
        expect(shownOf(all)).toEqual(shownOf(firsts));
      }),
      { numRuns: 200 },
    );
  });

  it('counts the same in every order of messages', () => {
    const shuffled = messages.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, other]) =>
        expect(figuresOf(inTime(other))).toEqual(figuresOf(inTime(all))),
      ),
      { numRuns: 150 },
    );
  });

  it('counts once what two gateways with names of their own wrote, in whatever order it is read', () => {
    fc.assert(
      fc.property(session, fc.boolean(), (lines, swapped) => {
        const log = inTime(lines);
        const later = inTime(lines).map((line) => ({ ...line, at: line.at.replace('T10', 'T11') }));
        const [one, other] = swapped ? [later, log] : [log, later];
        const stats = (shown: ReturnType<typeof shownOf>) => [
          shown.sessions[0]?.summary['stats'],
          shown.items,
        ];
        expect(stats(shownOf(one, other))).toEqual(stats(shownOf(log)));
      }),
      { numRuns: 50 },
    );
  });

  it('does not depend on how a log is cut into calls: the state between them is JSON', () => {
    fc.assert(
      fc.property(session, fc.integer({ min: 1, max: 5 }), (lines, cut) => {
        expect(decode(inTime(lines), cut)).toEqual(decode(inTime(lines)));
      }),
      { numRuns: 100 },
    );
  });

  it('finds the full text of all it told, in the line it told it of', () => {
    fc.assert(
      fc.property(messages, (all) => {
        const lines = inTime(all);
        for (const one of decode(lines).observations.filter(hasText)) {
          expectFullText(JSON.stringify(lines[one.place.line]), one);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('counts a retry once also when its key was forgotten', () => {
    const many = Array.from({ length: rememberedKeys + 5 }, (_, n) =>
      message(`m${n}`, 0, { role: n % 2 ? 'assistant' : 'user', model: 'claude-opus-4-6' }),
    );
    const log = inTime([...many, ...many.slice(0, 3)]);
    expect(figuresOf(log)).toEqual(figuresOf(inTime(many)));
    expect(JSON.stringify(decode(log).state).length).toBeLessThan(4000);
  });
});

type WithText = Extract<Observation, { type: 'prompt' | 'assistant' | 'tool-use' | 'tool-result' }>;

function hasText(one: Observation): one is WithText {
  return ['prompt', 'assistant', 'tool-use', 'tool-result'].includes(one.type);
}

function expectFullText(line: string, one: WithText): void {
  const full = pushDecoder.fullText(line, one.key);
  if (one.type === 'tool-result') expect(full?.result).toContain(one.preview);
  else if (one.type !== 'tool-use') expect(full?.text).toContain(one.preview);
  else if (one.input !== '' && full?.input !== one.input)
    expect(JSON.parse(full?.input ?? '')).toEqual(JSON.parse(one.input));
}
