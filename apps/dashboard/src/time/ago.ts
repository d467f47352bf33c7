import { Component, computed, inject, input } from '@angular/core';
import { Clock } from './clock';
import { fullTime, shortAge } from './durations';

/** How long ago something was, ticking by itself. */
@Component({
  selector: 'tt-ago',
  template: '<time [attr.datetime]="at()" [title]="full()">{{ text() }}</time>',
})
export class Ago {
  readonly at = input.required<string | null>();
  readonly #clock = inject(Clock);

  protected readonly text = computed(() => {
    const at = this.at();
    if (at === null) return '–';
    const then = Date.parse(at);
    // The minute signal may lag the second one by a minute, which is nothing to what is older than an hour.
    const now = this.#clock.minute() - then > 3_600_000 ? this.#clock.minute() : this.#clock.second();
    return shortAge(now - then);
  });
  protected readonly full = computed(() => {
    const at = this.at();
    return at === null ? '' : fullTime(at);
  });
}
