import { Injectable, computed, inject, signal } from '@angular/core';
import type { Session, SessionList, Summary } from '@telltale/contracts';
import { ApiError, TelltaleApi } from '../api/telltale-api';
import { summaryOf } from '../live/apply-changes';
import { FleetStore } from '../live/fleet-store';
import { SessionStore } from '../live/session-store';

const childrenPageSize = 200;

/** A session that another one names. */
export interface Related {
  readonly id: string;
  /** Undefined: not known yet; null: there is no such session here. */
  readonly session: Summary | null | undefined;
}

/**
 * What a session belongs to: its parent, the one it was forked from, and its child sessions. What the fleet does not
 * hold is asked for once; from then on the fleet's deltas keep it current.
 */
@Injectable()
export class RelatedSessions {
  readonly #api = inject(TelltaleApi);
  readonly #fleet = inject(FleetStore);
  readonly #store = inject(SessionStore);
  readonly #unknown = signal<ReadonlySet<string>>(new Set());
  readonly #asked = new Set<string>();

  readonly parent = computed(() => this.#related(this.#store.session()?.parentId));
  readonly forkedFrom = computed(() => this.#related(this.#store.session()?.forkedFrom));
  /** In the order in which they were started. */
  readonly children = computed<readonly Summary[]>(() => {
    const id = this.#store.session()?.id;
    return [...this.#fleet.sessions().values()]
      .filter((session) => session.parentId !== null && session.parentId === id)
      .sort((a, b) => ((a.startedAt ?? '') < (b.startedAt ?? '') ? -1 : 1));
  });

  /** Call with each session that is shown, as often as one likes. */
  async follow({ id, parentId, forkedFrom }: Session): Promise<void> {
    await Promise.all([this.#children(id), this.#fetch(parentId), this.#fetch(forkedFrom)]);
  }

  #related(id: string | null | undefined): Related | null {
    if (id === null || id === undefined) return null;
    return { id, session: this.#fleet.sessions().get(id) ?? (this.#unknown().has(id) ? null : undefined) };
  }

  async #children(parent: string): Promise<void> {
    if (!this.#first(`children of ${parent}`)) return;
    try {
      const list = await this.#api.get<SessionList>('/sessions', { parent, limit: childrenPageSize });
      this.#fleet.add(list.items);
    } catch {
      // those that the fleet knows are shown
    }
  }

  async #fetch(id: string | null | undefined): Promise<void> {
    if (id === null || id === undefined || this.#fleet.sessions().has(id) || !this.#first(id)) return;
    try {
      this.#fleet.add([summaryOf(await this.#api.get<Session>(`/sessions/${encodeURIComponent(id)}`))]);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) return; // unreachable says nothing of it
      this.#unknown.update((unknown) => new Set([...unknown, id]));
    }
  }

  #first(question: string): boolean {
    if (this.#asked.has(question)) return false;
    this.#asked.add(question);
    return true;
  }
}
