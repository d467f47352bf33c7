import fc from 'fast-check';
import { reachedCount, thresholdPico, isForEach, type BudgetRule } from './budget-rule';
import { BudgetWatch } from './budget-watch';
import { KnownSessions, type KnownSession, type SaidOfSession } from './known-sessions';
import { periodOf } from './period';

const hourMs = 3_600_000;
const begin = Date.parse('2026-03-01T12:00:00Z');
const pico = 1_000_000_000_000n;

/** Sessions whose cost is spread over the hours it was spent in: what the database would know. */
class Ledger {
  now = begin;
  readonly sessions = new Map<
    string,
    { revision: bigint; project: string | null; spent: Map<number, bigint>; last: number }
  >();

  session(id: string) {
    const known = this.sessions.get(id);
    if (known) return known;
    const made = { revision: 0n, project: null, spent: new Map<number, bigint>(), last: -Infinity };
    this.sessions.set(id, made);
    return made;
  }

  row(id: string): KnownSession {
    const { revision, project, last, spent } = this.session(id);
    return { revision, projectPath: project, lastActivityAt: last, costPico: sum(spent.values()) };
  }

  /** By occasion: what was spent, and when something happened there last. */
  sums(rule: BudgetRule): Map<string, { pico: bigint; lastActivityAt: number }> {
    const period =
      rule.scope === 'day' || rule.scope === 'month' ? periodOf(rule.scope, this.now, rule.tz) : null;
    const sums = new Map<string, { pico: bigint; lastActivityAt: number }>();
    for (const [id, { project, spent, last }] of this.sessions) {
      const key = period ? period.key : rule.scope === 'session' ? id : project;
      const named = rule.scope === 'session' ? id : project;
      if (key === null || (rule.key !== null && rule.key !== named)) continue;
      const cost = sum(
        [...spent].map(([at, each]) => (period && (at < period.from || at >= period.to) ? 0n : each)),
      );
      const known = sums.get(key) ?? { pico: 0n, lastActivityAt: -Infinity };
      sums.set(key, { pico: known.pico + cost, lastActivityAt: Math.max(known.lastActivityAt, last) });
    }
    return sums;
  }
}

function sum(values: Iterable<bigint>): bigint {
  return [...values].reduce((all, each) => all + each, 0n);
}

/** As the table of alerts: a threshold of an occasion is told once, and none below one that was told. */
class Told {
  readonly alerts: string[] = [];
  private readonly highest = new Map<string, number>();

  raise(rule: BudgetRule, key: string, threshold: number): void {
    const occasion = `${rule.id} ${key}`;
    if (threshold <= (this.highest.get(occasion) ?? 0)) return;
    this.highest.set(occasion, threshold);
    this.alerts.push(`${occasion} ${threshold}`);
  }
}

const nothing = { pico: 0n, lastActivityAt: -Infinity };

const isOfInterest = (rule: BudgetRule, lastActivityAt: number) =>
  !isForEach(rule) || lastActivityAt >= rule.since;

/** Looks at every sum, each time. */
function evaluateExactly(rules: readonly BudgetRule[], ledger: Ledger, told: Told): void {
  for (const rule of rules) {
    for (const [key, { pico: spent, lastActivityAt }] of ledger.sums(rule)) {
      const threshold = rule.thresholds[reachedCount(rule, spent) - 1];
      if (threshold !== undefined && isOfInterest(rule, lastActivityAt)) told.raise(rule, key, threshold);
    }
  }
}

/** As the gateway does it, by bounds. */
class Follower {
  readonly told = new Told();
  asked = 0;
  private readonly known = new KnownSessions(3);
  private readonly watches: readonly BudgetWatch[];

  constructor(
    rules: readonly BudgetRule[],
    private readonly ledger: Ledger,
  ) {
    this.watches = rules.map((rule) => new BudgetWatch(rule));
    this.restart();
  }

  restart(): void {
    this.known.clear();
    for (const watch of this.watches) {
      watch.restart(this.ledger.now);
      if (!isForEach(watch.rule)) continue;
      const lowest = thresholdPico(watch.rule, watch.rule.thresholds[0] ?? 1);
      for (const [key, spent] of this.ledger.sums(watch.rule))
        if (spent.pico >= lowest && isOfInterest(watch.rule, spent.lastActivityAt))
          this.settle(watch, key, spent);
    }
  }

  askAgain(): void {
    for (const watch of this.watches) watch.askAgain();
    this.evaluate(false);
  }

  hear(said: SaidOfSession): void {
    const heard = this.known.hear(said);
    const move =
      heard === 'stranger' ? this.known.learn(said.sessionId, this.ledger.row(said.sessionId)) : heard;
    if (move) for (const watch of this.watches) watch.hear(move, this.ledger.now);
  }

  evaluate(fails: boolean): void {
    for (const watch of this.watches) {
      watch.periodAt(this.ledger.now);
      if (fails) watch.giveBack(watch.take());
      while (watch.isDue) {
        const sums = this.ledger.sums(watch.rule);
        for (const key of watch.take()) this.settle(watch, key, sums.get(key) ?? nothing);
      }
    }
  }

  private settle(watch: BudgetWatch, key: string, spent: { pico: bigint; lastActivityAt: number }): void {
    this.asked++;
    const threshold = watch.settle(key, spent);
    if (threshold === undefined) return;
    this.told.raise(watch.rule, key, threshold);
    watch.told(key, threshold);
  }
}

const ids = ['s1', 's2', 's3', 's4', 's5'];
const projects = ['/a', '/b', null];
const since = begin + 2 * hourMs;
const rule = (id: string, changes: Partial<BudgetRule>): BudgetRule => ({
  id,
  scope: 'session',
  key: null,
  limitUsd: 10,
  thresholds: [0.5, 0.8, 1],
  tz: 'UTC',
  since,
  ...changes,
});
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
      const at = ledger.now - given.hoursAgo * hourMs;
      const session = ledger.session(given.id);
      session.spent.set(at, (session.spent.get(at) ?? 0n) + BigInt(given.amount) * pico);
      session.last = Math.max(session.last, at);
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

/** What ingest would say: the fields that differ. */
function deltaOf(ledger: Ledger, sessionId: string, before: KnownSession): SaidOfSession {
  ledger.session(sessionId).revision += 1n;
  const now = ledger.row(sessionId);
  const isNew = before.revision === 0n;
  return {
    sessionId,
    revision: now.revision,
    ...(isNew || now.costPico !== before.costPico ? { costPico: now.costPico } : {}),
    ...(isNew || now.projectPath !== before.projectPath ? { projectPath: now.projectPath } : {}),
    ...(isNew || now.lastActivityAt !== before.lastActivityAt ? { lastActivityAt: now.lastActivityAt } : {}),
  };
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

it('tells the highest threshold that was passed at once, then each further one, and nothing when it falls and rises again', () => {
  const watch = new BudgetWatch(rule('b', { key: 's1' }));
  const known = new KnownSessions(10);
  const told: number[] = [];
  let revision = 0n;
  const costs = (usd: number) => {
    revision += 1n;
    const costPico = BigInt(usd * 10) * (pico / 10n);
    const move = known.hear({
      sessionId: 's1',
      revision,
      costPico,
      projectPath: null,
      lastActivityAt: begin,
    });
    if (move === undefined || move === 'stranger') throw new Error('not news');
    watch.hear(move, begin);
    for (const key of watch.take()) {
      const threshold = watch.settle(key, { pico: costPico });
      if (threshold === undefined) continue;
      told.push(threshold);
      watch.told(key, threshold);
    }
  };
  for (const usd of [1, 8.5, 9, 4, 9, 11, 3, 50]) costs(usd);
  expect(told).toEqual([0.8, 1]);
});

it('asks no more often than thresholds come near', () => {
  const ledger = new Ledger();
  const follower = new Follower([rule('the day', { scope: 'day', limitUsd: 1000 })], ledger);
  follower.evaluate(false);
  const session = ledger.session('s1');
  for (let n = 0; n < 5000; n++) {
    const before = ledger.row('s1');
    session.spent.set(begin, (session.spent.get(begin) ?? 0n) + pico / 4n);
    session.last = begin;
    follower.hear(deltaOf(ledger, 's1', before));
    follower.evaluate(false);
  }
  expect(follower.told.alerts).toEqual([0.5, 0.8, 1].map((share) => `the day 2026-03-01 ${share}`));
  expect(follower.asked).toBe(4);
});

it('asks for no history: what was used before the period, or ended before the budget was made', () => {
  const ledger = new Ledger();
  const follower = new Follower(
    [
      rule('the day', { scope: 'day', limitUsd: 1 }),
      rule('each', { limitUsd: 1 }),
      rule('each project', { scope: 'project', limitUsd: 1 }),
    ],
    ledger,
  );
  follower.evaluate(false);
  const { asked } = follower;
  for (let n = 0; n < 1000; n++) {
    const session = ledger.session(`old-${n}`);
    session.project = '/old';
    const before = ledger.row(`old-${n}`);
    session.spent.set(begin - 48 * hourMs, 100n * pico);
    session.last = begin - 48 * hourMs;
    follower.hear(deltaOf(ledger, `old-${n}`, before));
    follower.evaluate(false);
  }
  expect(follower.told.alerts).toEqual([]);
  expect(follower.asked - asked).toBe(1); // the project, once
});

it('is not misled by a fall that nobody heard of', () => {
  const ledger = new Ledger();
  const follower = new Follower([rule('the day', { scope: 'day', thresholds: [1], limitUsd: 10 })], ledger);
  const spend = (id: string, usd: bigint, heard = true) => {
    const before = ledger.row(id);
    const session = ledger.session(id);
    session.spent.set(begin, usd * pico);
    session.last = begin;
    const delta = deltaOf(ledger, id, before);
    if (heard) follower.hear(delta);
    follower.evaluate(false);
  };
  spend('s1', 8n);
  spend('s1', 0n, false);
  follower.restart();
  follower.evaluate(false);
  spend('s2', 3n);
  spend('s1', 7n);
  expect(follower.told.alerts).toEqual(['the day 2026-03-01 1']);
});

it('tells of a project once something happens there, whatever was used there before', () => {
  const ledger = new Ledger();
  const follower = new Follower([rule('each', { scope: 'project', limitUsd: 1 })], ledger);
  const spend = (id: string, at: number) => {
    const before = ledger.row(id);
    const session = ledger.session(id);
    session.project = '/a';
    session.spent.set(at, pico);
    session.last = at;
    follower.hear(deltaOf(ledger, id, before));
    follower.evaluate(false);
  };
  spend('old', begin);
  expect(follower.told.alerts).toEqual([]);
  spend('new', since);
  expect(follower.told.alerts).toEqual(['each /a 1']);
});

it('asks again, when told to, for what moved: costs pass from one day to another within a session', () => {
  const ledger = new Ledger();
  const follower = new Follower([rule('the day', { scope: 'day', limitUsd: 10, thresholds: [1] })], ledger);
  const session = ledger.session('s1');
  const change = (at: number, usd: bigint, of: number) => {
    const before = ledger.row('s1');
    session.spent.delete(of);
    session.spent.set(at, usd * pico);
    session.last = Math.max(session.last, at);
    follower.hear(deltaOf(ledger, 's1', before));
    follower.evaluate(false);
  };
  change(begin - 24 * hourMs, 12n, 0);
  change(begin, 12n, begin - 24 * hourMs);
  expect(follower.told.alerts).toEqual([]);
  follower.askAgain();
  const { asked } = follower;
  expect(follower.told.alerts).toEqual(['the day 2026-03-01 1']);
  follower.askAgain();
  expect(follower.asked).toBe(asked);
});
