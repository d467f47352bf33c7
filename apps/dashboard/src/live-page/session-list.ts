import {
  Component,
  DestroyRef,
  ElementRef,
  afterRenderEffect,
  computed,
  inject,
  linkedSignal,
  signal,
  viewChild,
  viewChildren,
} from '@angular/core';
import type { Summary } from '@telltale/contracts';
import { EmptyState } from '../figures/empty-state';
import { FilterMenu } from '../figures/filter-menu';
import { formatCount } from '../figures/format';
import { Motion } from '../figures/motion';
import { Icon } from '../icons/icon';
import { FleetStore } from '../live/fleet-store';
import { RowMotion } from './row-motion';
import { SessionFacetCounts } from './session-facets';
import { holdOrder, noFilter, type SessionFilter } from './session-filter';
import { SessionPages } from './session-pages';
import { SessionRow } from './session-row';

/**
 * Rows drawn at first, and more at each step: thousands may be loaded, few are looked at. Where other panels come
 * below the list it must not push them away, and grows only when asked to.
 */
const besideOthers = typeof matchMedia !== 'function' || matchMedia('(min-width: 1181px)').matches;
const step: number = besideOthers ? 50 : 12;

/** Up to so many hosts stand as chips beside the page's title, on a screen that is wide enough. */
export const mostChips = 5;

interface OrderSource {
  readonly sorted: readonly Summary[];
  readonly held: boolean;
  readonly tick: string;
  readonly filter: SessionFilter;
}

/** The sessions, latest activity first; waiting ones before all. */
@Component({
  selector: 'tt-session-list',
  imports: [EmptyState, FilterMenu, Icon, SessionRow],
  templateUrl: './session-list.html',
  styleUrl: './session-list.css',
})
export class SessionListPanel {
  protected readonly fleet = inject(FleetStore);
  protected readonly pages = inject(SessionPages);
  readonly #motion = inject(Motion);
  readonly #rowMotion = new RowMotion();
  protected readonly facets = inject(SessionFacetCounts);
  protected readonly mostChips = mostChips;
  protected readonly skeletons = [0, 1, 2, 3, 4, 5];

  /** The pointer rests on the list: the order stands still. */
  protected readonly held = signal(false);
  readonly #limit = linkedSignal({ source: this.pages.filter, computation: () => step });
  /** Sessions that take turns at being the latest change places once a second, not with every line. */
  readonly #sortTick = signal(0);
  readonly #ordered = linkedSignal<OrderSource, readonly Summary[]>({
    source: () => ({
      sorted: this.pages.sorted(),
      held: this.held(),
      tick: `${this.#sortTick()} ${this.fleet.waiting()}`,
      filter: this.pages.filter(),
    }),
    computation: (now, previous) => {
      if (!previous || previous.source.filter !== now.filter) return now.sorted;
      const keep = now.held || previous.source.tick === now.tick;
      return keep ? holdOrder(previous.value, now.sorted) : now.sorted;
    },
  });
  protected readonly rows = computed(() => this.#ordered().slice(0, this.#limit()));
  protected readonly filtered = computed(() => this.pages.filter() !== noFilter);
  protected readonly more = computed(() => this.#ordered().length > this.#limit() || this.pages.hasMore());
  protected readonly total = computed(() => {
    const total = this.pages.paging().total;
    return total === null ? '' : formatCount(Math.max(total, this.#ordered().length));
  });

  private readonly rowElements = viewChildren<ElementRef<HTMLElement>>('row');
  private readonly end = viewChild<ElementRef<HTMLElement>>('end');

  constructor() {
    const sorting = setInterval(() => this.#sortTick.update((tick) => tick + 1), 1000);
    inject(DestroyRef).onDestroy(() => clearInterval(sorting));
    afterRenderEffect(() => {
      const rows = this.rowElements().map((row) => row.nativeElement);
      this.#rowMotion.rendered(rows, !this.#motion.reduced());
    });
    afterRenderEffect((onCleanup) => {
      const end = this.end()?.nativeElement;
      this.rows(); // observed anew after each page: the end may still be in view
      if (!end || !besideOthers || typeof IntersectionObserver === 'undefined') return;
      const observer = new IntersectionObserver(
        ([entry]) => {
          if (entry?.isIntersecting) this.showMore();
        },
        { rootMargin: '400px' },
      );
      observer.observe(end);
      onCleanup(() => observer.disconnect());
    });
  }

  protected showMore(): void {
    const { loading, failed } = this.pages.paging();
    if (loading || failed) return;
    this.#limit.update((limit) => Math.min(limit, this.#ordered().length) + step);
    if (this.#ordered().length < this.#limit()) void this.pages.more();
  }

  protected retryMore(): void {
    void this.pages.more();
  }
}
