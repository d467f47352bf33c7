import type { BudgetRule } from './budget-rule';
import { BudgetWatch } from './budget-watch';
import { KnownSessions } from './known-sessions';
import { Follower } from './testing/follower';
import { begin, hourMs, Ledger, pico, rule, since } from './testing/ledger';

/** Who follows these rules from the beginning, of what the ledger says of sessions. */
function following(...rules: readonly BudgetRule[]) {
  const ledger = new Ledger();
  const follower = new Follower(rules, ledger);
  follower.evaluate();
  const change = (id: string, changed: () => void) => follower.hearOf(id, changed);
  return { ledger, follower, change };
}

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
  const { ledger, follower, change } = following(rule('the day', { scope: 'day', limitUsd: 1000 }));
  for (let n = 0; n < 5000; n++) change('s1', () => ledger.spend('s1', begin, 0.25));
  expect(follower.told.alerts).toEqual([0.5, 0.8, 1].map((share) => `the day 2026-03-01 ${share}`));
  expect(follower.asked).toBe(4);
});

it('asks for no history: what was used before the period, or ended before the budget was made', () => {
  const { ledger, follower, change } = following(
    rule('the day', { scope: 'day', limitUsd: 1 }),
    rule('each', { limitUsd: 1 }),
    rule('each project', { scope: 'project', limitUsd: 1 }),
  );
  const { asked } = follower;
  for (let n = 0; n < 1000; n++) {
    const id = `old-${n}`;
    ledger.session(id).project = '/old';
    change(id, () => ledger.spend(id, begin - 48 * hourMs, 100));
  }
  expect(follower.told.alerts).toEqual([]);
  expect(follower.asked - asked).toBe(1); // the project, once
});

it('is not misled by a fall that nobody heard of', () => {
  const { ledger, follower, change } = following(
    rule('the day', { scope: 'day', thresholds: [1], limitUsd: 10 }),
  );
  change('s1', () => ledger.spend('s1', begin, 8));
  ledger.spend('s1', begin, -8);
  ledger.session('s1').revision += 1n;
  follower.restart();
  follower.evaluate();
  change('s2', () => ledger.spend('s2', begin, 3));
  change('s1', () => ledger.spend('s1', begin, 7));
  expect(follower.told.alerts).toEqual(['the day 2026-03-01 1']);
});

it('tells of a project once something happens there, whatever was used there before', () => {
  const { ledger, follower, change } = following(rule('each', { scope: 'project', limitUsd: 1 }));
  const spend = (id: string, at: number) =>
    change(id, () => {
      ledger.session(id).project = '/a';
      ledger.spend(id, at, 1);
    });
  spend('old', begin);
  expect(follower.told.alerts).toEqual([]);
  spend('new', since);
  expect(follower.told.alerts).toEqual(['each /a 1']);
});

it('asks again, when told to, for what moved: costs pass from one day to another within a session', () => {
  const { ledger, follower, change } = following(
    rule('the day', { scope: 'day', limitUsd: 10, thresholds: [1] }),
  );
  change('s1', () => ledger.spend('s1', begin - 24 * hourMs, 12));
  change('s1', () => {
    ledger.session('s1').spent.clear();
    ledger.spend('s1', begin, 12);
  });
  expect(follower.told.alerts).toEqual([]);
  follower.askAgain();
  const { asked } = follower;
  expect(follower.told.alerts).toEqual(['the day 2026-03-01 1']);
  follower.askAgain();
  expect(follower.asked).toBe(asked);
});
