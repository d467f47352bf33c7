import { Injectable, signal } from '@angular/core';

/** Whether the user asked for less motion; follows the system's setting while the page is open. */
@Injectable({ providedIn: 'root' })
export class Motion {
  readonly reduced = signal(false);

  constructor() {
    // jsdom and very old browsers know no matchMedia
    const query =
      typeof matchMedia === 'function' ? matchMedia('(prefers-reduced-motion: reduce)') : undefined;
    if (!query) return;
    this.reduced.set(query.matches);
    query.addEventListener('change', (event) => this.reduced.set(event.matches));
  }
}
