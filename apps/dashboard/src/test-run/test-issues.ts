import { Component, computed, inject, input } from '@angular/core';
import type { TestReport } from '@telltale/contracts';
import { Icon } from '../icons/icon';
import { actionsByStep } from '../screenshots/shot-words';
import { Clock } from '../time/clock';
import { clockTimeOrDay, fullTime } from '../time/durations';
import { wordsOf } from './test-words';

/** What the run found wrong, in its order, with the step in which it was. */
@Component({
  selector: 'tt-test-issues',
  imports: [Icon],
  template: `
    <section class="panel" aria-labelledby="issues-heading">
      <div class="panel-head">
        <h2 id="issues-heading">Issues</h2>
        <span class="faint">{{ test().issues.length || 'none' }}</span>
      </div>
      @if (issues().length === 0) {
        <p class="none">
          {{ test().result === 'running' ? 'None so far.' : 'Nothing went wrong in this run.' }}
        </p>
      } @else {
        <ul>
          @for (issue of issues(); track $index) {
            <li>
              <tt-icon name="alert" />
              <div>
                <b [title]="issue.type">{{ words(issue.type) }}</b>
                <p>{{ issue.description }}</p>
                @if (issue.step) {
                  <span class="step">{{ issue.step }}</span>
                }
              </div>
              @if (issue.at; as at) {
                <time [attr.datetime]="at" [title]="full(at)">{{ time(at) }}</time>
              }
            </li>
          }
        </ul>
      }
    </section>
  `,
  styles: `
    ul {
      max-height: 460px;
      padding: 6px 0;
      overflow-y: auto;
    }
    li {
      display: grid;
      grid-template-columns: 14px minmax(0, 1fr) auto;
      gap: 9px;
      padding: 7px 15px;
      color: var(--ink-soft);
      font-size: var(--text-dense);
    }
    tt-icon {
      width: 14px;
      height: 14px;
      margin-top: 2px;
      color: var(--fail-ink);
    }
    b {
      color: var(--fail-ink);
      font-weight: 560;
    }
    p {
      overflow-wrap: anywhere;
    }
    time,
    .step {
      color: var(--ink-faint);
      font-size: var(--text-tiny);
    }
    time {
      line-height: 19px;
    }
    .none {
      padding: 14px 15px 16px;
      color: var(--ink-faint);
      font-size: var(--text-dense);
    }
  `,
})
export class TestIssues {
  readonly test = input.required<TestReport>();
  readonly #clock = inject(Clock);
  protected readonly words = wordsOf;
  protected readonly full = fullTime;
  protected readonly time = (at: string): string => clockTimeOrDay(at, this.#clock.minute());
  protected readonly issues = computed(() => {
    const did = actionsByStep(this.test().actions);
    return this.test().issues.map(({ actionIndex, ...issue }) => {
      const step = actionIndex === null ? '' : `Step ${actionIndex + 1}`;
      return { ...issue, step: [step, did.get(actionIndex ?? -1)].filter(Boolean).join(' · ') };
    });
  });
}
