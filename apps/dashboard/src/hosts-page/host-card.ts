import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { formatBytes, formatCount } from '../figures/format';
import { Lamp } from '../figures/lamp';
import { SourceMark } from '../figures/source-mark';
import { sources } from '../figures/vocabulary';
import { sourceWords } from '../figures/words';
import { Icon } from '../icons/icon';
import type { HostState } from '../live/hosts';
import { Clock } from '../time/clock';
import { fullTime, shortAge } from '../time/durations';
import { contentWords, hostStateWords, maskedWords } from './host-words';

/** One host: whether its watcher lives, what it reads, and what of it leaves the host. */
@Component({
  selector: 'tt-host-card',
  imports: [Icon, Lamp, RouterLink, SourceMark],
  templateUrl: './host-card.html',
  styleUrl: './host-card.css',
})
export class HostCard {
  readonly host = input.required<HostState>();
  /** How many sessions it has; null while that is not known. */
  readonly sessions = input<number | null>(null);
  readonly #clock = inject(Clock);

  protected readonly count = formatCount;
  protected readonly bytes = formatBytes;
  protected readonly sourceWords = sourceWords;
  protected readonly full = fullTime;
  protected readonly state = computed(() => hostStateWords(this.host(), this.#clock.second()));
  protected readonly content = computed(() => contentWords(this.host()));
  protected readonly percent = computed(() => Math.floor(100 * (this.host().reading ?? 1)));
  /** Of a watcher that lives, as of the last answer: between two answers nothing ages. */
  protected readonly seen = computed(() => {
    const { silent, silentFor, lastSeenAt } = this.host();
    const age = shortAge(silent ? this.#clock.second() - Date.parse(lastSeenAt) : silentFor);
    return age === 'now' ? age : `${age} ago`;
  });
  protected readonly roots = computed(() =>
    this.host().roots.map(({ source, path, present }) => ({
      key: `${source} ${path}`,
      source: sources.find((known) => known === source),
      /** As the watcher says it: of a tool that this page does not know. */
      tool: source,
      path,
      present,
    })),
  );
  protected readonly masked = computed(() => maskedWords(this.host()));
}
