import { Component, DestroyRef, ElementRef, computed, inject, signal, viewChild } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Lamp } from '../figures/lamp';
import { Step } from '../figures/step';
import { statusWords } from '../figures/words';
import { Icon } from '../icons/icon';
import { FleetStore } from '../live/fleet-store';
import { Clock } from '../time/clock';
import { exactTimeOrDay, fullTime } from '../time/durations';
import { activityAtFirst, activityOf, keptEntries, type ActivityEntry } from './activity';

const atFirst = 14;
/** A reader can follow no more: of what comes faster only the latest is shown. */
const paceMs = 250;
const mostAtOnce = 6;

/** The latest steps across all sessions, newest on top. Follows until the reader scrolls away. */
@Component({
  selector: 'tt-activity-panel',
  imports: [Icon, Lamp, RouterLink, Step],
  templateUrl: './activity-panel.html',
  styleUrl: './activity-panel.css',
})
export class ActivityPanel {
  readonly #fleet = inject(FleetStore);
  readonly #clock = inject(Clock);
  private readonly list = viewChild<ElementRef<HTMLElement>>('list');
  #arrived: ActivityEntry[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shownAt = 0;
  readonly #entries = signal<readonly ActivityEntry[]>([]);
  /** What was on screen when following stopped; null while following. */
  readonly #paused = signal<readonly ActivityEntry[] | null>(null);

  protected readonly statusWords = statusWords;
  protected readonly time = (at: string): string => exactTimeOrDay(at, this.#clock.minute());
  protected readonly full = fullTime;
  protected readonly load = this.#fleet.load;
  protected readonly following = computed(() => this.#paused() === null);
  protected readonly entries = computed(() => this.#paused() ?? this.#entries());
  protected readonly unseen = computed(() => {
    const paused = this.#paused();
    if (paused === null) return 0;
    const top = paused[0]?.key;
    const place = this.#entries().findIndex((entry) => entry.key === top);
    return place < 0 ? this.#entries().length : place;
  });

  constructor() {
    this.#first();
    const unlisten = this.#fleet.onNews((news) => {
      if (this.#entries().length === 0) return this.#first();
      this.#arrived.push(...activityOf(news));
      this.#timer ??= setTimeout(() => this.#show(), Math.max(0, this.#shownAt + paceMs - Date.now()));
    });
    inject(DestroyRef).onDestroy(() => {
      unlisten();
      clearTimeout(this.#timer);
    });
  }

  protected toggle(): void {
    if (this.following()) this.#paused.set(this.#entries());
    else this.follow();
  }

  protected follow(): void {
    this.#paused.set(null);
    this.list()?.nativeElement.scrollTo?.({ top: 0 });
  }

  protected scrolled(list: HTMLElement): void {
    const away = list.scrollTop > 8;
    if (away && this.following()) this.#paused.set(this.#entries());
    if (!away && this.unseen() === 0) this.#paused.set(null);
  }

  #show(): void {
    this.#timer = undefined;
    this.#shownAt = Date.now();
    const added = this.#arrived.slice(-mostAtOnce).reverse();
    this.#arrived = [];
    if (added.length > 0) this.#entries.update((entries) => [...added, ...entries].slice(0, keptEntries));
  }

  #first(): void {
    const sessions = this.#fleet.sessions();
    this.#entries.set(activityAtFirst({ sessions, missing: new Set() }, atFirst).reverse());
  }
}
