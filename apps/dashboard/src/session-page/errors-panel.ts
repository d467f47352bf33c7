import { Component, computed, inject, input, signal } from '@angular/core';
import type { Session } from '@telltale/contracts';
import { Icon } from '../icons/icon';
import { Clock } from '../time/clock';
import { clockTimeOrDay, fullTime } from '../time/durations';

const atFirst = 5;

/** What went wrong, newest first. */
@Component({
  selector: 'tt-errors-panel',
  imports: [Icon],
  template: `
    <section class="panel" aria-labelledby="errors-heading">
      <div class="panel-head">
        <h2 id="errors-heading">Errors</h2>
        <span class="faint">{{ errors().length }}</span>
      </div>
      <ul>
        @for (error of shown(); track $index) {
          <li>
            <tt-icon name="alert" />
            <p>
              <b>{{ error.kind }}</b> {{ error.message }}
            </p>
            @if (error.at; as at) {
              <time [attr.datetime]="at" [title]="full(at)">{{ time(at) }}</time>
            }
          </li>
        }
      </ul>
      @if (errors().length > atFirst) {
        <button type="button" class="quiet-button" [attr.aria-expanded]="all()" (click)="all.set(!all())">
          {{ all() ? 'Show fewer' : 'Show all ' + errors().length }}
        </button>
      }
    </section>
  `,
  styleUrl: './errors-panel.css',
})
export class ErrorsPanel {
  readonly errors = input.required<Session['errors']>();
  readonly #clock = inject(Clock);
  protected readonly atFirst = atFirst;
  protected readonly all = signal(false);
  readonly #newestFirst = computed(() => [...this.errors()].reverse());
  protected readonly shown = computed(() =>
    this.all() ? this.#newestFirst() : this.#newestFirst().slice(0, atFirst),
  );
  protected readonly full = fullTime;
  protected readonly time = (at: string): string => clockTimeOrDay(at, this.#clock.minute());
}
