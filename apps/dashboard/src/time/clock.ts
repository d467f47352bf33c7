import { Injectable, signal } from '@angular/core';

/**
 * One ticking clock for the whole page: `second` for what is young, `minute` for what is old, so that a hundred
 * old rows are not checked every second. Epoch milliseconds. It stands still while the tab is hidden.
 */
@Injectable({ providedIn: 'root' })
export class Clock {
  readonly second = signal(Date.now());
  readonly minute = signal(Date.now());

  constructor() {
    setInterval(() => this.#tick(), 1000);
    document.addEventListener('visibilitychange', () => this.#tick());
  }

  #tick(): void {
    if (document.hidden) return;
    const now = Date.now();
    this.second.set(now);
    if (Math.floor(now / 60_000) !== Math.floor(this.minute() / 60_000)) this.minute.set(now);
  }
}
