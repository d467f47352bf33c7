import { DestroyRef, Directive, ElementRef, effect, inject, input } from '@angular/core';
import type { MeasuredScroll } from './measured-scroll';

/** Tells the scroll strategy how high this row is, and whenever that changes. */
@Directive({ selector: '[ttMeasuredRow]' })
export class MeasuredRow {
  readonly ttMeasuredRow = input.required<string>();
  readonly scroll = input.required<MeasuredScroll>();
  readonly #element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  constructor() {
    effect(() => this.scroll().observe(this.#element, this.ttMeasuredRow()));
    inject(DestroyRef).onDestroy(() => this.scroll().unobserve(this.#element));
  }
}
