import { Component, computed, inject, input } from '@angular/core';
import type { Status, TestReport } from '@telltale/contracts';
import { formatCount, formatMoney, formatTokens } from '../figures/format';
import { Lamp } from '../figures/lamp';
import { Clock } from '../time/clock';
import { duration } from '../time/durations';
import { methodsOf, resultWords, scoresOf } from './test-words';

const lamps = { running: 'running', pass: 'running', fail: 'failed' } as const satisfies Record<
  TestReport['result'],
  Status
>;

/** How a test run ended, or that it goes on: scores, how its steps were carried out, what its model used. */
@Component({
  selector: 'tt-test-result',
  imports: [Lamp],
  templateUrl: './test-result.html',
  styleUrl: './test-result.css',
})
export class TestResult {
  readonly test = input.required<TestReport>();
  /** Of a run that goes on, its time so far is told from here. */
  readonly startedAt = input<string | null>(null);
  readonly #clock = inject(Clock);

  protected readonly words = resultWords;
  protected readonly count = formatCount;
  protected readonly tokens = formatTokens;
  protected readonly money = formatMoney;
  protected readonly lamp = computed(() => lamps[this.test().result]);
  protected readonly scores = computed(() => scoresOf(this.test()));
  protected readonly methods = computed(() => methodsOf(this.test()));
  protected readonly took = computed(() => {
    const { durationMs, result } = this.test();
    const startedAt = this.startedAt();
    if (durationMs !== null) return `took ${duration(durationMs)}`;
    if (result !== 'running' || startedAt === null) return '';
    const ms = this.#clock.second() - Date.parse(startedAt);
    return `for ${ms < 10_000 ? `${Math.max(0, Math.floor(ms / 1000))} s` : duration(ms)}`;
  });
  /** A link only where it is one that a browser may follow. */
  protected readonly page = computed(() => {
    const { url } = this.test();
    if (url === null || url === '') return null;
    const isWeb = /^https?:\/\//i.test(url);
    return { name: url.replace(/^https?:\/\/(www\.)?/i, '').replace(/\/$/, ''), link: isWeb ? url : null };
  });
  protected readonly fileName = (path: string): string => path.split(/[\\/]/).at(-1) || path;
}
