import { Component, DestroyRef, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { AnimatedNumber } from './animated-number';

/** How long the green difference stays beside the number. */
const differenceMs = 2500;

/**
 * A figure with its label above and its context below (projected). On a change the number counts, scales to
 * 1.05 once, the card's edge glows once, and the difference stands in green beside it for a moment.
 */
@Component({
  selector: 'tt-stat-card',
  imports: [AnimatedNumber],
  templateUrl: './stat-card.html',
  styleUrl: './stat-card.css',
  host: { '[class.glow]': 'pulses() > 0', '[attr.data-pulse]': 'pulses() % 2' },
})
export class StatCard {
  readonly label = input.required<string>();
  /** Undefined while loading, null where there is nothing to say. */
  readonly value = input.required<number | null | undefined>();
  readonly format = input.required<(value: number) => string>();
  /** Plain text for the number's tooltip, for instance the exact count behind `45.2M`. */
  readonly exact = input<string>('');

  protected readonly difference = signal(0);
  /** Counts changes; its parity restarts the CSS animation. */
  protected readonly pulses = signal(0);
  protected readonly shownDifference = computed(() => {
    const difference = this.difference();
    return difference === 0 ? '' : `${difference > 0 ? '+' : '−'}${this.format()(Math.abs(difference))}`;
  });

  #last: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    effect(() => this.#changed(this.value()));
    inject(DestroyRef).onDestroy(() => clearTimeout(this.#timer));
  }

  #changed(value: number | null | undefined): void {
    if (value === null || value === undefined) return;
    const last = this.#last;
    this.#last = value;
    if (last === undefined || last === value) return;
    untracked(() => {
      this.difference.update((sum) => sum + value - last);
      this.pulses.update((count) => count + 1);
    });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.difference.set(0), differenceMs);
  }
}
