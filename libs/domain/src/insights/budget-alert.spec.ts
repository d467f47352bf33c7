import { budgetAlertSchema } from '@telltale/contracts';
import { budgetAlert, occasionName } from './budget-alert';
import { picoOfUsd, reachedCount, thresholdPico, usdOfPico, type BudgetRule } from './budget-rule';
import { periodOf } from './period';

const rule: BudgetRule = {
  id: 'b1',
  scope: 'session',
  key: null,
  limitUsd: 5,
  thresholds: [0.8, 1],
  tz: 'UTC',
  since: 0,
};
const at = '2026-03-01T10:00:00.000Z';
const shown = (given: BudgetRule, occasion: string, threshold = 0.8, unpriced = false) => {
  const period =
    given.scope === 'day' || given.scope === 'month' ? periodOf(given.scope, Date.parse(at), given.tz) : null;
  const alert = budgetAlert(given, { occasion, threshold, spentPico: 4_030_000_000_000n, unpriced, period });
  return budgetAlertSchema.parse({ ...alert, id: '1', at });
};

it('tells of a session', () => {
  expect(shown(rule, 's-1')).toEqual({
    id: '1',
    at,
    kind: 'budget',
    sessionId: 's-1',
    message: 'Session s-1: $4.03 spent, 80 % of its budget of $5.00 reached.',
    data: {
      budgetId: 'b1',
      scope: 'session',
      key: 's-1',
      limitUsd: 5,
      threshold: 0.8,
      spentUsd: 4.03,
      share: 0.806,
      unpriced: false,
    },
  });
});

it('tells of a day in its time zone, and of a project', () => {
  const day = shown({ ...rule, scope: 'day', tz: 'Asia/Tokyo' }, '2026-03-01', 1, true);
  expect(day.message).toBe(
    'Day 2026-03-01 (Asia/Tokyo): at least $4.03 spent, 100 % of its budget of $5.00 reached.',
  );
  expect(day).not.toHaveProperty('sessionId');
  expect(day.data.period).toEqual({
    key: '2026-03-01',
    from: '2026-02-28T15:00:00.000Z',
    to: '2026-03-01T15:00:00.000Z',
    tz: 'Asia/Tokyo',
  });
  expect(shown({ ...rule, scope: 'month', key: '/srv/api' }, '2026-03').message).toBe(
    'Month 2026-03 (UTC), project /srv/api: $4.03 spent, 80 % of its budget of $5.00 reached.',
  );
  expect(shown({ ...rule, scope: 'project' }, '/srv/api').data.key).toBe('/srv/api');
  expect(shown({ ...rule, scope: 'month' }, '2026-03').data).not.toHaveProperty('key');
});

it('lets nothing into a message that a terminal would obey', () => {
  const { message } = shown(rule, 'a\u001b[31m\r\n\u202eb\u0000');
  expect(message).toMatch(/^Session a\[31mb: /);
  expect(shown(rule, 'x'.repeat(5000)).message.length).toBeLessThan(300);
});

it('tells occasions apart by budget, limit, place and period, not by where a budget stands', () => {
  const names = [
    occasionName(rule, 's-1'),
    occasionName(rule, 's-2'),
    occasionName({ ...rule, limitUsd: 6 }, 's-1'),
    occasionName({ ...rule, id: 'b2' }, 's-1'),
    occasionName({ ...rule, scope: 'project' }, 's-1'),
    occasionName({ ...rule, scope: 'day' }, '2026-03-01'),
    occasionName({ ...rule, scope: 'day', key: '/srv' }, '2026-03-01'),
  ];
  expect(new Set(names).size).toBe(names.length);
  expect(occasionName({ ...rule, thresholds: [0.5], since: 9 }, 's-1')).toBe(names[0]);
});

it('reaches a threshold with the very pico-dollar', () => {
  expect(thresholdPico(rule, 0.8)).toBe(4_000_000_000_000n);
  expect(reachedCount(rule, 3_999_999_999_999n)).toBe(0);
  expect(reachedCount(rule, 4_000_000_000_000n)).toBe(1);
  expect(reachedCount(rule, 10n ** 20n)).toBe(2);
  expect(thresholdPico({ limitUsd: Number.MIN_VALUE }, 1)).toBe(1n);
  expect(picoOfUsd(usdOfPico(2_249_999_999_999_999n))).toBe(2_249_999_999_999_999n);
});
