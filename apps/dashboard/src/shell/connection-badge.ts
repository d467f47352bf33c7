import { Component, computed, inject } from '@angular/core';
import { LiveConnection, type ConnectionState } from '../live/live-connection';
import { Clock } from '../time/clock';
import { shortAge } from '../time/durations';

const words: Record<ConnectionState['kind'], string> = {
  live: 'Live',
  connecting: 'Connecting',
  polling: 'Polling',
  error: 'Error',
  offline: 'Offline',
};

/** How the page is connected, in colour and in words, with attempts, and how fast news get to the screen. */
@Component({
  selector: 'tt-connection-badge',
  template: `
    <div class="badge" role="status" [class]="state().kind" [title]="explanation()">
      <i aria-hidden="true"></i>
      <span class="word">{{ word() }}</span>
      @if (detail()) {
        &ngsp;<small>{{ detail() }}</small>
      }
    </div>
  `,
  styleUrl: './connection-badge.css',
})
export class ConnectionBadge {
  readonly #connection = inject(LiveConnection);
  readonly #clock = inject(Clock);
  protected readonly state = this.#connection.state;
  protected readonly word = computed(() => words[this.state().kind]);

  protected readonly detail = computed(() => {
    const state = this.state();
    if (state.kind === 'live') {
      const ms = this.#connection.latencyMs();
      return ms === null ? '' : `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
    }
    if (state.kind === 'connecting') return state.attempt > 1 ? `· attempt ${state.attempt}` : '';
    return state.kind === 'offline' ? '' : `· attempt ${state.attempt}`;
  });

  protected readonly explanation = computed(() => {
    const state = this.state();
    switch (state.kind) {
      case 'live':
        return 'Connected. The time is append → screen, the median of the last minute.';
      case 'connecting':
        return 'Connecting to the gateway.' + this.#lastKnown();
      case 'polling':
        return 'No WebSocket: asking every 5 s, and trying on.' + this.#lastKnown();
      case 'error':
        return `${state.reason} Trying on.` + this.#lastKnown();
      case 'offline':
        return 'This device is offline. The last known values are shown.' + this.#lastKnown();
    }
  });

  #lastKnown(): string {
    const at = this.#connection.lastHeardAt();
    return at === null ? '' : ` Last news ${shortAge(this.#clock.second() - at)} ago.`;
  }
}
