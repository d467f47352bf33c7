import { DestroyRef, ElementRef, inject, signal, type Signal } from '@angular/core';

/** The host element's width in pixels, followed as it changes; 0 before the first layout. */
export function measuredWidth(): Signal<number> {
  const element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  const width = signal(0);
  if (typeof ResizeObserver === 'undefined') return width; // jsdom
  const observer = new ResizeObserver(([entry]) => width.set(Math.floor(entry?.contentRect.width ?? 0)));
  observer.observe(element);
  inject(DestroyRef).onDestroy(() => observer.disconnect());
  return width;
}
