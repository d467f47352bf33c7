import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import type { Timeline } from '@telltale/contracts';
import { TelltaleApi } from '../api/telltale-api';

const atMostEveryMs = 2000;

/** A session's tokens over time; asked for again when the session changed, every two seconds at most. */
@Injectable()
export class TimelineStore {
  readonly #api = inject(TelltaleApi);
  readonly timeline = signal<Timeline | null>(null);
  readonly failed = signal(false);
  #session = '';
  #revision = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastAsked = 0;

  constructor() {
    inject(DestroyRef).onDestroy(() => clearTimeout(this.#timer));
  }

  /** Call with each revision of the session. */
  follow(session: string, revision: string): void {
    if (session !== this.#session) this.timeline.set(null);
    if (session === this.#session && revision === this.#revision) return;
    this.#session = session;
    this.#revision = revision;
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#lastAsked + atMostEveryMs - Date.now());
    this.#timer = setTimeout(() => void this.#ask(), wait);
  }

  async #ask(): Promise<void> {
    this.#lastAsked = Date.now();
    this.#timer = undefined;
    const session = this.#session;
    try {
      const tz = Intl.DateTimeFormat().resolvedOptions().timeZone;
      const path = `/sessions/${encodeURIComponent(session)}/timeline`;
      const timeline = await this.#api.get<Timeline>(path, { bucket: 'auto', tz });
      if (session !== this.#session) return;
      this.timeline.set(timeline);
      this.failed.set(false);
    } catch {
      this.failed.set(this.timeline() === null); // the last known one stays
    }
  }
}
