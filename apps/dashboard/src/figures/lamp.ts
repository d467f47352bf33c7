import { Component, computed, input } from '@angular/core';
import type { Status } from '@telltale/contracts';

/** One lamp says the state: green runs, amber waits for a person and breathes, red failed, grey is calm. */
@Component({
  selector: 'tt-lamp',
  template: '',
  host: { 'aria-hidden': 'true', '[class]': 'tone()' },
  styles: `
    :host {
      display: inline-block;
      flex: none;
      width: 8px;
      height: 8px;
      border-radius: 50%;
      background: var(--calm);
    }
    :host(.go) {
      background: var(--go);
      box-shadow: 0 0 8px color-mix(in oklab, var(--go) var(--glow), transparent);
    }
    :host(.wait) {
      background: var(--wait);
      box-shadow: 0 0 10px color-mix(in oklab, var(--wait) var(--glow), transparent);
    }
    :host(.fail) {
      background: var(--fail);
    }
    @media (prefers-reduced-motion: no-preference) {
      :host(.wait) {
        animation: breathe 1.8s ease-in-out infinite;
      }
    }
  `,
})
export class Lamp {
  readonly status = input.required<Status>();
  protected readonly tone = computed(() => lampTone(this.status()));
}

export function lampTone(status: Status): 'go' | 'wait' | 'fail' | 'calm' {
  switch (status) {
    case 'running':
      return 'go';
    case 'waiting':
      return 'wait';
    case 'failed':
      return 'fail';
    case 'idle':
    case 'completed':
      return 'calm';
  }
}
