import {
  comparedFigures,
  comparedRowSchema,
  type Stats,
  type Summary,
  type Tokens,
} from '@telltale/contracts';
import fc from 'fast-check';
import { compareSessions } from './compare';

const count = fc.nat(20);
const money = fc.option(
  fc.nat(5).map((n) => n / 4),
  { nil: null },
);
const tokens: fc.Arbitrary<Tokens> = fc
  .record({
    input: count,
    output: count,
    cacheWrite5m: count,
    cacheWrite1h: count,
    cacheRead: count,
    reasoning: count,
  })
  .map((t) => ({ ...t, total: t.input + t.output + t.cacheWrite5m + t.cacheWrite1h + t.cacheRead }));
const stats: fc.Arbitrary<Stats> = fc.record({
  messages: count,
  prompts: count,
  toolCalls: count,
  toolErrors: count,
  screenshots: count,
  errors: count,
  objectives: fc.record({ completed: count, total: count }),
  tokens,
  costUsd: money,
  reportedCostUsd: money,
  unpricedModels: fc.subarray(['m']),
});
const time = fc.option(
  fc.nat(5).map((s) => new Date(s * 1000).toISOString()),
  { nil: null },
);
const base: Omit<Summary, 'id' | 'stats' | 'startedAt' | 'endedAt' | 'lastActivityAt'> = {
  source: 'push',
  nativeId: 'n',
  host: 'h',
  user: null,
  project: null,
  branch: null,
  phase: null,
  title: null,
  model: null,
  models: [],
  status: 'idle',
  parentId: null,
  archived: false,
  revision: 'g.1',
  currentStep: null,
  activity: [],
};
const summary: fc.Arbitrary<Summary> = fc
  .record({ id: fc.uuid(), stats, startedAt: time, endedAt: time, lastActivityAt: time })
  .map((known) => ({ ...base, ...known }));
const sessions = fc.array(summary, { minLength: 2, maxLength: 4 });

const rowOf = (all: readonly Summary[], figure: string) =>
  compareSessions(all).find((row) => row.figure === figure)!;

it('has a row for each figure and a value for each session', () => {
  fc.assert(
    fc.property(sessions, (all) => {
      const rows = compareSessions(all);
      expect(rows.map(({ figure }) => figure)).toEqual([...comparedFigures]);
      for (const row of rows) {
        expect(comparedRowSchema.parse(row).values).toHaveLength(all.length);
        for (const value of row.values) expect(value === null || Number.isFinite(value)).toBe(true);
      }
    }),
  );
});

it('says the same of each session, in whatever order they stand', () => {
  const shuffled = sessions.chain((all) =>
    fc.tuple(
      fc.constant(all),
      fc.shuffledSubarray(
        all.map((_, index) => index),
        { minLength: all.length },
      ),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([all, order]) => {
      const rows = compareSessions(all);
      const other = compareSessions(order.map((index) => all[index]!));
      rows.forEach((row, n) => {
        expect(other[n]?.values).toEqual(order.map((index) => row.values[index]));
        expect(other[n]?.best).toBe(row.best === null ? null : order.indexOf(row.best));
      });
    }),
  );
});

it('calls best only what beats every other value that is known', () => {
  fc.assert(
    fc.property(sessions, (all) => {
      for (const { best, values } of compareSessions(all)) {
        if (best === null) continue;
        const winner = values[best]!;
        const others = values.filter((value, index) => index !== best && value !== null).map(Number);
        expect(others.length).toBeGreaterThan(0);
        expect(others.every((value) => value > winner) || others.every((value) => value < winner)).toBe(true);
      }
    }),
  );
});

it('does not call a cost best that may be higher than it says', () => {
  fc.assert(
    fc.property(sessions, (all) => {
      const { best } = rowOf(all, 'costUsd');
      if (best !== null) expect(all[best]!.stats.unpricedModels).toEqual([]);
    }),
  );
});

const given = (changes: Partial<Stats>[]): Summary[] =>
  changes.map((change, index) => {
    const [one] = fc.sample(summary, { numRuns: 1, seed: 7 });
    return { ...one!, id: String(index), stats: { ...one!.stats, unpricedModels: [], ...change } };
  });

it.each<[string, Partial<Stats>[], number | null]>([
  ['costUsd', [{ costUsd: 2 }, { costUsd: 1 }], 1],
  ['costUsd', [{ costUsd: 1 }, { costUsd: 1 }, { costUsd: 2 }], null],
  ['costUsd', [{ costUsd: 1 }, { costUsd: null }], null],
  ['costUsd', [{ costUsd: 1, unpricedModels: ['x'] }, { costUsd: 2 }], null],
  ['costUsd', [{ costUsd: 3, unpricedModels: ['x'] }, { costUsd: 2 }], 1],
  ['errors', [{ errors: 0 }, { errors: 3 }], 0],
  ['messages', [{ messages: 1 }, { messages: 3 }], null],
  ['toolErrorShare', [{ toolCalls: 0 }, { toolCalls: 4, toolErrors: 1 }, { toolCalls: 4, toolErrors: 2 }], 1],
  [
    'objectivesCompletedShare',
    [{ objectives: { completed: 1, total: 4 } }, { objectives: { completed: 1, total: 2 } }],
    1,
  ],
])('%s of %j: best is %j', (figure, changes, best) => {
  expect(rowOf(given(changes), figure).best).toBe(best);
});

it('takes the time to the end, or to the last record', () => {
  const [one] = given([{}]);
  const at = (second: number) => `2026-03-01T10:00:0${second}.000Z`;
  const times = { startedAt: at(1), lastActivityAt: at(4), endedAt: null };
  const all = [
    { ...one!, ...times },
    { ...one!, ...times, endedAt: at(3) },
    { ...one!, ...times, startedAt: null },
  ];
  expect(rowOf(all, 'elapsedMs')).toEqual({ figure: 'elapsedMs', values: [3000, 2000, null], best: 1 });
});
