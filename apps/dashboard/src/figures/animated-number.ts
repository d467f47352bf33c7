import { Component, DestroyRef, ElementRef, effect, inject, input } from '@angular/core';
import { Motion } from './motion';

const transitionMs = 300;

/**
 * Counts from the old value to the new one in 300 ms, eased. Writes the text node itself: sixty frames of a
 * number must not run change detection sixty times.
 */
@Component({ selector: 'tt-number', template: '' })
export class AnimatedNumber {
  readonly value = input.required<number>();
  readonly format = input.required<(value: number) => string>();

  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #motion = inject(Motion);
  #shown: number | undefined;
  #frame = 0;

  constructor() {
    effect(() => this.#show(this.value(), this.format()));
    inject(DestroyRef).onDestroy(() => cancelAnimationFrame(this.#frame));
  }

  #show(value: number, format: (value: number) => string): void {
    cancelAnimationFrame(this.#frame);
    const from = this.#shown;
    if (from === undefined || from === value || this.#motion.reduced()) return this.#write(value, format);
    const start = performance.now();
    const step = (now: number): void => {
      const progress = Math.min(1, (now - start) / transitionMs);
      this.#write(progress === 1 ? value : from + (value - from) * eased(progress), format);
      if (progress < 1) this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }

  #write(value: number, format: (value: number) => string): void {
    this.#shown = value;
    this.#host.textContent = format(value);
  }
}

/** Ease-out: fast at first, settles gently. */
function eased(progress: number): number {
  return 1 - (1 - progress) ** 3;
}
