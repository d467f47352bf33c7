import { Component, computed, inject, input } from '@angular/core';
import type { Session } from '@telltale/contracts';
import { Lamp, lampTone } from '../figures/lamp';
import { Step } from '../figures/step';
import { isActive, sourceWords, statusWords } from '../figures/words';
import { Icon } from '../icons/icon';
import { Clock } from '../time/clock';
import { duration, fullTime, shortAge } from '../time/durations';

/** What the session is, where it runs and since when. */
@Component({
  selector: 'tt-session-head',
  imports: [Icon, Lamp, Step],
  templateUrl: './session-head.html',
  styleUrl: './session-head.css',
})
export class SessionHead {
  readonly session = input.required<Session>();
  readonly #clock = inject(Clock);

  protected readonly tone = computed(() => lampTone(this.session().status));
  protected readonly source = computed(() => sourceWords[this.session().source]);
  protected readonly title = computed(
    () => this.session().title ?? this.session().project?.name ?? 'Untitled session',
  );
  protected readonly state = computed(() => {
    const { status, lastActivityAt } = this.session();
    if (status === 'running' || lastActivityAt === null) return statusWords[status];
    const age = shortAge(this.#clock.second() - Date.parse(lastActivityAt));
    if (status === 'waiting') return `${statusWords.waiting} · ${age}`;
    return `${statusWords[status]} · ${age}${age === 'now' ? '' : ' ago'}`;
  });
  /** Ticks while the session is active; then it is from start to end. */
  protected readonly elapsed = computed(() => {
    const { startedAt, endedAt, lastActivityAt, status } = this.session();
    if (startedAt === null) return '';
    const now = isActive(status) ? this.#clock.second() : Date.parse(endedAt ?? lastActivityAt ?? startedAt);
    const ms = Math.max(0, now - Date.parse(startedAt));
    return ms < 10_000 ? `${Math.floor(ms / 1000)} s` : duration(ms);
  });
  protected readonly started = computed(() => {
    const { startedAt } = this.session();
    return startedAt === null ? '' : `Started ${fullTime(startedAt)}`;
  });
  /** The one it talks to first, then what else answered. */
  protected readonly models = computed(() => {
    const { model, models } = this.session();
    return [...new Set(model === null ? models : [model, ...models])];
  });
  protected readonly links = computed(() =>
    this.session().links.filter((link) => /^https?:\/\//.test(link.url)),
  );
  protected readonly step = computed(() => {
    const { status, waitingFor, currentStep } = this.session();
    if (status === 'waiting') return waitingFor ?? currentStep;
    return status === 'running' ? currentStep : null;
  });
}
