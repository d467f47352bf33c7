import { DestroyRef, Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import type { SessionFacets, Source, Status, Summary } from '@telltale/contracts';
import { TelltaleApi } from '../api/telltale-api';
import type { FilterOption } from '../figures/filter-menu';
import { sources, statuses } from '../figures/vocabulary';
import { isActive, sourceWords, statusWords } from '../figures/words';
import { FleetStore } from '../live/fleet-store';
import { filterQuery } from './session-filter';
import { SessionPages } from './session-pages';

const atMostEveryMs = 5000;

interface Facets {
  readonly source: ReadonlyMap<Source, number | null>;
  readonly host: ReadonlyMap<string, number | null>;
  readonly status: ReadonlyMap<Status, number | null>;
}

/** What each filter can be set to, and how many sessions each choice would show under the other filters. */
@Injectable()
export class SessionFacetCounts {
  readonly #api = inject(TelltaleApi);
  readonly #fleet = inject(FleetStore);
  readonly #pages = inject(SessionPages);
  readonly #counted = signal<SessionFacets | null>(null);
  /** Whether the counts were asked for: what is offered before would move when they come. */
  readonly ready = signal(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #etag: string | null = null;
  #asked = 0;
  #lastAskedAt = 0;

  readonly #facets = computed(() => {
    const counted = this.#counted();
    return counted ? facetsOf(counted) : facetsSeen(this.#fleet.sessions().values());
  });

  readonly sources = computed(() => {
    const found = this.#facets().source;
    const chosen = this.#pages.filter().source;
    return sources
      .filter((source) => found.has(source) || source === chosen)
      .map((source) => option(source, sourceWords[source], found.get(source), { source }));
  });
  /** The busiest first, as they are counted; one that is chosen stays although it is empty. */
  readonly hosts = computed(() => {
    const found = this.#facets().host;
    const chosen = this.#pages.filter().host;
    const names = [...new Set([...found.keys(), ...(chosen === null ? [] : [chosen])])];
    return names.sort().map((host) => option(host, host, found.get(host)));
  });
  readonly statuses = computed(() => {
    const found = this.#facets().status;
    const chosen = this.#pages.filter().status;
    const shown = statuses
      .filter((status) => found.has(status) || status === chosen)
      .map((status) => option(status, statusWords[status], found.get(status), { status }));
    const active = statuses.filter((status) => isActive(status) && found.has(status));
    if (active.length < 2 && chosen !== 'active') return shown;
    return [option('active', 'Active', sumOf(active.map((status) => found.get(status))) ?? 0), ...shown];
  });
  readonly totals = computed(() => ({
    source: sumOf(this.#facets().source.values()),
    host: sumOf(this.#facets().host.values()),
    status: sumOf(this.#facets().status.values()),
  }));

  constructor() {
    effect(() => {
      this.#pages.filter();
      if (this.#fleet.load() === 'ready') untracked(() => void this.#ask(true));
    });
    const unlisten = this.#fleet.onNews(() => this.#soon());
    inject(DestroyRef).onDestroy(() => {
      unlisten();
      clearTimeout(this.#timer);
    });
  }

  #soon(): void {
    if (this.#timer !== undefined || this.#lastAskedAt === 0) return;
    const wait = Math.max(0, this.#lastAskedAt + atMostEveryMs - Date.now());
    this.#timer = setTimeout(() => void this.#ask(false), wait);
  }

  async #ask(otherFilter: boolean): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lastAskedAt = Date.now();
    if (otherFilter) this.#etag = null;
    const asked = ++this.#asked;
    try {
      const query = filterQuery(this.#pages.filter());
      const answer = await this.#api.poll<SessionFacets>('/facets', query, this.#etag);
      if (asked !== this.#asked || !answer.changed) return;
      this.#etag = answer.etag;
      this.#counted.set(answer.value);
    } catch {
      // the last known counts stay; without any, what the page has seen is offered, uncounted
    } finally {
      this.ready.set(true);
    }
  }
}

function option(
  value: string,
  name: string,
  count: number | null | undefined,
  mark: Pick<FilterOption, 'source' | 'status'> = {},
): FilterOption {
  return { value, name, count: count === undefined ? 0 : count, ...mark };
}

function facetsOf({ source, host, status }: SessionFacets): Facets {
  const counts = <K>(facet: readonly { readonly key: K; readonly count: number }[]): Map<K, number> =>
    new Map(facet.map(({ key, count }) => [key, count]));
  return { source: counts(source), host: counts(host), status: counts(status) };
}

/** Of what was loaded: what there is, but not how many. */
function facetsSeen(sessions: Iterable<Summary>): Facets {
  const facets = {
    source: new Map<Source, null>(),
    host: new Map<string, null>(),
    status: new Map<Status, null>(),
  };
  for (const { source, host, status } of sessions) {
    facets.source.set(source, null);
    facets.host.set(host, null);
    facets.status.set(status, null);
  }
  return facets;
}

/** Null where one of them is not known, or there is none. */
function sumOf(counts: Iterable<number | null | undefined>): number | null {
  let sum: number | null = null;
  for (const count of counts) {
    if (count === null) return null;
    sum = (sum ?? 0) + (count ?? 0);
  }
  return sum;
}
