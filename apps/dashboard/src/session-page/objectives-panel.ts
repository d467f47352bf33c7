import { Component, computed, inject, input } from '@angular/core';
import type { Objective } from '@telltale/contracts';
import { Icon } from '../icons/icon';
import { Clock } from '../time/clock';
import { clockTimeOrDay, fullTime } from '../time/durations';

/** What the session set out to do, with the time each was reached. */
@Component({
  selector: 'tt-objectives-panel',
  imports: [Icon],
  template: `
    <section class="panel" aria-labelledby="objectives-heading">
      <div class="panel-head">
        <h2 id="objectives-heading">Objectives</h2>
        @if (objectives().length > 0) {
          <span class="faint">{{ completed() }} of {{ objectives().length }}</span>
        }
      </div>
      @if (objectives().length === 0) {
        <p class="none">No task list yet. Todos and plan steps show here with the time each was done.</p>
      } @else {
        <ul>
          @for (objective of objectives(); track objective.id) {
            <li [class]="objective.status">
              <tt-icon [name]="icons[objective.status]" />
              <span
                >{{ objective.text
                }}<span class="visually-hidden">, {{ words[objective.status] }}</span></span
              >
              @if (objective.completedAt; as at) {
                <time [attr.datetime]="at" [title]="full(at)">{{ time(at) }}</time>
              } @else if (objective.status === 'active') {
                <span class="now" aria-hidden="true">now</span>
              }
            </li>
          }
        </ul>
      }
    </section>
  `,
  styleUrl: './objectives-panel.css',
})
export class ObjectivesPanel {
  readonly objectives = input.required<readonly Objective[]>();
  readonly #clock = inject(Clock);
  protected readonly completed = computed(
    () => this.objectives().filter((o) => o.status === 'completed').length,
  );
  protected readonly words = { pending: 'to do', active: 'in progress', completed: 'done' } as const;
  protected readonly icons = { pending: 'circle', active: 'current', completed: 'check' } as const;
  protected readonly full = fullTime;
  protected readonly time = (at: string): string => clockTimeOrDay(at, this.#clock.minute());
}
