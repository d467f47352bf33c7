import { Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';
import type { SessionList, Summary } from '@telltale/contracts';
import { TelltaleApi } from '../api/telltale-api';
import { isActive } from '../figures/words';
import { byAttention } from '../live/fleet-state';
import { FleetStore } from '../live/fleet-store';
import { filterOf, filterQuery, matches, sameFilter, type SessionFilter } from './session-filter';

const pageSize = 50;

interface Paging {
  readonly loading: boolean;
  readonly failed: boolean;
  /** Undefined: no page yet; null: all are loaded. */
  readonly cursor: string | null | undefined;
  /** Activity of the last loaded row: what is older may have gaps and is not shown. */
  readonly horizon: string;
  readonly total: number | null;
}
const nothingYet: Paging = { loading: false, failed: false, cursor: undefined, horizon: '', total: null };

/** The list of the filter in the address: loaded page by page, kept current by the fleet store. */
@Injectable()
export class SessionPages {
  readonly #api = inject(TelltaleApi);
  readonly #fleet = inject(FleetStore);
  readonly #router = inject(Router);
  readonly #params = toSignal(inject(ActivatedRoute).queryParamMap);
  readonly filter = computed<SessionFilter>(
    () => {
      const params = this.#params();
      const of = (name: string): string | undefined => params?.get(name) ?? undefined;
      return filterOf({ host: of('host'), source: of('source'), status: of('status') });
    },
    { equal: sameFilter },
  );
  readonly paging = signal<Paging>(nothingYet);

  readonly sorted = computed(() => {
    const { cursor, horizon } = this.paging();
    const filter = this.filter();
    const rows: Summary[] = [];
    for (const session of this.#fleet.sessions().values()) {
      if (!matches(filter, session)) continue;
      if (cursor === null || isActive(session.status) || (session.lastActivityAt ?? '') >= horizon)
        rows.push(session);
    }
    return rows.sort(byAttention);
  });
  readonly hasMore = computed(() => this.paging().cursor !== null);

  constructor() {
    effect(() => {
      this.filter();
      if (this.#fleet.load() !== 'ready') return;
      untracked(() => {
        this.paging.set(nothingYet);
        void this.more();
      });
    });
  }

  /** Puts it into the address, from where it comes back; that is not a page of its own in the history. */
  choose(field: keyof SessionFilter, value: string | null): void {
    this.#address({ [field]: value });
  }

  clear(): void {
    this.#address({ host: null, source: null, status: null });
  }

  async more(): Promise<void> {
    const { loading, cursor } = this.paging();
    if (loading || cursor === null) return;
    const filter = this.filter();
    this.paging.update((paging) => ({ ...paging, loading: true, failed: false }));
    try {
      const query = { limit: pageSize, ...filterQuery(filter), ...(cursor === undefined ? {} : { cursor }) };
      const list = await this.#api.get<SessionList>('/sessions', query);
      this.#fleet.add(list.items);
      if (filter === this.filter()) this.paging.set(afterPage(list));
    } catch {
      if (filter === this.filter())
        this.paging.update((paging) => ({ ...paging, loading: false, failed: true }));
    }
  }

  #address(queryParams: Record<string, string | null>): void {
    void this.#router.navigate([], { queryParams, queryParamsHandling: 'merge', replaceUrl: true });
  }
}

function afterPage(list: SessionList): Paging {
  const horizon = list.items.at(-1)?.lastActivityAt ?? '';
  return { loading: false, failed: false, cursor: list.nextCursor, horizon, total: list.total };
}
