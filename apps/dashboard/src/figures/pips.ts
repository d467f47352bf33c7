import { Component, computed, input } from '@angular/core';

const maxPips = 8;

/** Objectives as small squares: done, the current one, to come. More than eight are said as a number. */
@Component({
  selector: 'tt-pips',
  template: `
    @if (total() > 0) {
      <span role="img" [attr.aria-label]="words()" [title]="words()">
        @for (pip of pips(); track $index) {
          <i [class]="pip"></i>
        }
        @if (total() > maxPips) {
          <em>{{ completed() }}/{{ total() }}</em>
        }
      </span>
    }
  `,
  styles: `
    span {
      display: flex;
      align-items: center;
      gap: 3px;
      height: 16px;
    }
    i {
      width: 8px;
      height: 8px;
      border-radius: 2.5px;
      background: var(--raised);
      border: 1px solid var(--hairline);
    }
    .done {
      background: var(--go);
      border-color: var(--go);
    }
    .now {
      background: color-mix(in oklab, var(--go) 35%, transparent);
      border-color: var(--go);
    }
    em {
      margin-left: 3px;
      font-style: normal;
      font-size: var(--text-tiny);
      color: var(--ink-faint);
    }
  `,
})
export class Pips {
  readonly completed = input.required<number>();
  readonly total = input.required<number>();
  /** Whether something is being worked on: then the first open one is the current. */
  readonly active = input(false);

  protected readonly maxPips = maxPips;
  protected readonly words = computed(() => `${this.completed()} of ${this.total()} objectives done`);
  protected readonly pips = computed(() => {
    const total = this.total();
    // Of many, five squares show the share; the number beside them is exact.
    const shown = total > maxPips ? 5 : total;
    const done = total > maxPips ? Math.floor((shown * this.completed()) / total) : this.completed();
    return Array.from({ length: shown }, (_, i) => {
      if (i < done) return 'done';
      return i === done && this.active() ? 'now' : '';
    });
  });
}
