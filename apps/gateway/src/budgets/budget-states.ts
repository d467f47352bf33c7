import { Inject, Injectable } from '@nestjs/common';
import type { Budget, BudgetState } from '@telltale/contracts';
import { isForEach, periodOf, toldPeriod, usdOfPico, type BudgetRule, type Period } from '@telltale/domain';
import { CLOCK, type Clock } from '../connections';
import { Spending, type Figure } from './spending';

/** Where budgets stand, for whoever asks: from the read model, not from what was heard. */
@Injectable()
export class BudgetStates {
  constructor(
    private readonly spending: Spending,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** In the order of the rules. Budgets of the same session, project or period share one question. */
  async of(rules: readonly BudgetRule[]): Promise<Budget[]> {
    const named = (scope: 'session' | 'project') =>
      rules.flatMap((rule) => (rule.scope === scope && rule.key !== null ? [rule.key] : []));
    const [sessions, projects] = await Promise.all([
      this.byKey(named('session'), (keys) => this.spending.ofSessions(keys)),
      this.byKey(named('project'), (keys) => this.spending.ofProjects(keys)),
    ]);
    const periods = new Map<string, Promise<Figure>>();
    const now = this.now();
    const answers: Budget[] = [];
    for (const rule of rules) {
      const period = periodAt(rule, now);
      if (period) answers.push(shown(rule, await this.inPeriod(periods, period, rule.key), period));
      else if (isForEach(rule)) answers.push(shown(rule, await this.spending.dearest(rule), null));
      else
        answers.push(shown(rule, (rule.scope === 'session' ? sessions : projects).get(rule.key ?? ''), null));
    }
    return answers;
  }

  private async byKey(
    keys: readonly string[],
    ask: (keys: readonly string[]) => Promise<Figure[]>,
  ): Promise<Map<string, Figure>> {
    const figures = keys.length === 0 ? [] : await ask(keys);
    return new Map(figures.map((figure) => [figure.key, figure]));
  }

  private inPeriod(
    asked: Map<string, Promise<Figure>>,
    period: Period,
    project: string | null,
  ): Promise<Figure> {
    const name = JSON.stringify([period.from, period.to, project]);
    const figure = asked.get(name) ?? this.spending.inPeriod(period, project);
    asked.set(name, figure);
    return figure;
  }
}

function periodAt({ scope, tz }: BudgetRule, now: number): Period | null {
  return scope === 'day' || scope === 'month' ? periodOf(scope, now, tz) : null;
}

function shown(rule: BudgetRule, figure: Figure | undefined, period: Period | null): Budget {
  const { id, scope, key, limitUsd, thresholds, tz } = rule;
  return {
    ...{ id, scope, limitUsd, thresholds: [...thresholds] },
    ...(key === null ? {} : { key }),
    ...(period ? { tz } : {}),
    state: stateOf(rule, figure, period),
  };
}

function stateOf(rule: BudgetRule, figure: Figure | undefined, period: Period | null): BudgetState {
  const pico = figure ? figure.pico : 0n;
  const spentUsd = pico === null ? null : usdOfPico(pico);
  return {
    spentUsd,
    share: spentUsd === null ? null : spentUsd / rule.limitUsd,
    unpriced: figure?.unpriced ?? false,
    key: isForEach(rule) ? (figure?.key ?? null) : rule.key,
    period: period && toldPeriod(period),
  };
}
