import fc from 'fast-check';
import type { SaidOfSession } from './known-sessions';
import { evaluateExactly, Follower, Told } from './testing/follower';
import { deltaOf, hourMs, Ledger, rule } from './testing/ledger';

const ids = ['s1', 's2', 's3', 's4', 's5'];
const projects = ['/a', '/b', null];
const rules = [
  rule('each session', {}),
  rule('one session', { key: 's2', limitUsd: 4 }),
  rule('each project', { scope: 'project', limitUsd: 20 }),
  rule('one project', { scope: 'project', key: '/a', limitUsd: 12 }),
  rule('the day', { scope: 'day', limitUsd: 15, tz: 'Asia/Kathmandu' }),
  rule('a project’s day', { scope: 'day', key: '/b', limitUsd: 8 }),
  rule('the month', { scope: 'month', limitUsd: 40, thresholds: [0.25, 1, 2] }),
];

const id = fc.constantFrom(...ids);
const amount = fc.integer({ min: 0, max: 6 });
const command = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('spend' as const), id, amount, hoursAgo: fc.nat(30) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fall' as const), id }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('give' as const), id, to: id }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('belong' as const), id, project: fc.constantFrom(...projects) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;
interface Step {
  readonly command: Command;
  /** Deltas that come once more, as late as can be. */
  readonly again: number;
  readonly evaluates: boolean;
  readonly fails: boolean;
  readonly lost: boolean;
}
const step: fc.Arbitrary<Step> = fc.record({
  command,
  again: fc.nat(3),
  evaluates: fc.boolean(),
  fails: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  lost: fc.integer({ min: 0, max: 14 }).map((n) => n === 0),
});

/** Changes the ledger; the sessions that were touched. */
function apply(ledger: Ledger, given: Command): string[] {
  switch (given.kind) {
    case 'spend': {
      ledger.spend(given.id, ledger.now - given.hoursAgo * hourMs, given.amount);
      return [given.id];
    }
    case 'fall':
      return takeLast(ledger, given.id) === undefined ? [] : [given.id];
    case 'give': {
      const taken = takeLast(ledger, given.id);
      if (!taken) return [];
      const { spent } = ledger.session(given.to);
      spent.set(taken.at, (spent.get(taken.at) ?? 0n) + taken.cost);
      ledger.session(given.to).last = Math.max(ledger.session(given.to).last, taken.at);
      return [given.id, given.to];
    }
    case 'belong':
      ledger.session(given.id).project = given.project;
      return [given.id];
    case 'wait':
      ledger.now += given.hours * hourMs;
      return [];
    case 'restart':
      return [];
  }
}

function takeLast(ledger: Ledger, from: string): { at: number; cost: bigint } | undefined {
  const { spent } = ledger.session(from);
  const [at, cost] = [...spent].at(-1) ?? [];
  if (at === undefined || cost === undefined) return undefined;
  spent.delete(at);
  return { at, cost };
}

it('finds by bounds what looking at every sum finds, in whatever order costs rise, fall and change hands', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
      const ledger = new Ledger();
      const follower = new Follower(rules, ledger);
      const exact = new Told();
      const said: SaidOfSession[] = [];
      for (const { command: given, again, evaluates, fails, lost } of steps) {
        const before = new Map(ids.map((each) => [each, ledger.row(each)]));
        const deltas = [...new Set(apply(ledger, given))].map((each) =>
          deltaOf(ledger, each, before.get(each) ?? ledger.row(each)),
        );
        if (!lost)
          for (const delta of [...deltas, ...said.slice(-again || said.length)]) follower.hear(delta);
        said.push(...deltas);
        if (lost || given.kind === 'restart') follower.restart();
        // A restart evaluates at once; so must what it is compared with.
        if (!evaluates && !lost && given.kind !== 'restart') continue;
        follower.evaluate(fails);
        evaluateExactly(rules, ledger, exact);
        expect([...follower.told.alerts].sort()).toEqual([...exact.alerts].sort());
      }
      expect(new Set(follower.told.alerts).size).toBe(follower.told.alerts.length);
    }),
    { numRuns: 400 },
  );
});
