import { Component, computed, inject, input, signal } from '@angular/core';
import type { TestReport } from '@telltale/contracts';
import { counted } from '../figures/format';
import { Icon } from '../icons/icon';
import { Clock } from '../time/clock';
import { duration, exactTimeOrDay, fullTime } from '../time/durations';
import { medianMs, wordsOf } from './test-words';

const atFirst = 20;

/** What the run did, step by step, and how long each took. */
@Component({
  selector: 'tt-test-steps',
  imports: [Icon],
  templateUrl: './test-steps.html',
  styleUrl: './test-steps.css',
})
export class TestSteps {
  readonly test = input.required<TestReport>();
  readonly #clock = inject(Clock);
  protected readonly atFirst = atFirst;
  protected readonly all = signal(false);
  protected readonly full = fullTime;
  protected readonly time = (at: string): string => exactTimeOrDay(at, this.#clock.minute());

  protected readonly steps = computed(() => {
    const { actions, issues } = this.test();
    const longest = Math.max(1, ...actions.map((action) => action.durationMs ?? 0));
    const wrong = new Map(issues.map((issue) => [issue.actionIndex, wordsOf(issue.type)]));
    return actions.map(({ durationMs, key, target, ...action }) => ({
      ...action,
      on: key ?? target,
      issue: wrong.get(action.index) ?? '',
      share: (durationMs ?? 0) / longest,
      took: durationMs === null ? '' : duration(durationMs),
    }));
  });
  /** Of many the first, of a run that goes on the latest; and what failed: that must not hide. */
  protected readonly shown = computed(() => {
    if (this.all()) return this.steps();
    const from = this.test().result === 'running' ? Math.max(0, this.steps().length - atFirst) : 0;
    return this.steps().filter((step, i) => (i >= from && i < from + atFirst) || step.success === false);
  });
  protected readonly context = computed(() => {
    const { actions } = this.test();
    if (actions.length === 0) return '';
    const failed = actions.filter((action) => action.success === false).length;
    const median = medianMs(this.test());
    return [
      String(actions.length),
      failed > 0 ? counted(failed, 'failure') : 'no failures',
      ...(median === null ? [] : [`median ${duration(median)}`]),
    ].join(' · ');
  });
}
