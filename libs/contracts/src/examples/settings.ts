import type { Alert } from '../rest/alerts';
import type { Budget } from '../rest/budgets';
import type { Comparison } from '../rest/compare';
import { exampleSummary } from './sessions';

export const exampleBudget: Budget = {
  id: 'monthly',
  scope: 'month',
  limitUsd: 200,
  thresholds: [0.8, 1],
  tz: 'Europe/Berlin',
  state: {
    spentUsd: 163.42,
    share: 0.8171,
    unpriced: false,
    key: null,
    period: { key: '2026-06', from: '2026-05-31T22:00:00.000Z', to: '2026-06-30T22:00:00.000Z' },
  },
};

export const exampleBudgetsToPut = {
  items: [{ scope: 'month' as const, limitUsd: 200, thresholds: [0.8, 1], tz: 'Europe/Berlin' }],
};

export const exampleAlert: Alert = {
  id: 'a3f1c9e0b7a5d246',
  kind: 'budget',
  at: '2026-06-21T14:03:00.000Z',
  message: '80 % of the budget for June 2026 are spent.',
  data: {
    budgetId: 'monthly',
    scope: 'month',
    limitUsd: 200,
    threshold: 0.8,
    spentUsd: 160.02,
    share: 0.8001,
    unpriced: false,
    period: {
      key: '2026-06',
      from: '2026-05-31T22:00:00.000Z',
      to: '2026-06-30T22:00:00.000Z',
      tz: 'Europe/Berlin',
    },
  },
};

export const exampleComparison: Comparison = {
  sessions: [exampleSummary, { ...exampleSummary, id: '1c5d7f0a-0000-4000-8000-000000000002' }],
  rows: [{ figure: 'costUsd', values: [1.234567890123, 0.98], best: 1 }],
};
