import { Injectable, computed, inject, signal } from '@angular/core';
import type { Delta, Room, Session, SessionList, Status, Summary } from '@telltale/contracts';
import { ApiError, TelltaleApi } from '../api/telltale-api';
import { isActive } from '../figures/words';
import { applyToFleet, emptyFleet, mergeLoaded, type FleetState } from './fleet-state';
import { summaryOf } from './apply-changes';
import { LiveConnection } from './live-connection';
import type { RoomMember } from './room-sync';

export type LoadState = 'loading' | 'ready' | 'failed';
/** A batch of deltas with the state before and after, for those who tell what happened. */
export interface FleetNews {
  readonly deltas: readonly Delta[];
  readonly before: FleetState;
  readonly after: FleetState;
}

const pageSize = 50;
const activePageSize = 200;
const activePages = 10;
const missingAtOnce = 8;

/** All sessions the page knows of, kept current by the fleet room. */
@Injectable({ providedIn: 'root' })
export class FleetStore implements RoomMember {
  readonly room: Room = 'fleet';
  readonly #api = inject(TelltaleApi);
  readonly #connection = inject(LiveConnection);
  readonly #state = signal<FleetState>(emptyFleet);
  readonly #listeners = new Set<(news: FleetNews) => void>();
  #leave: (() => void) | undefined;
  #etag: string | null = null;
  #fetching = false;

  readonly load = signal<LoadState>('loading');
  readonly failure = signal('');
  readonly sessions = computed(() => this.#state().sessions);
  readonly active = computed(() => [...this.sessions().values()].filter((s) => isActive(s.status)));
  readonly running = computed(() => this.#count('running'));
  readonly waiting = computed(() => this.#count('waiting'));

  /** Starts with an HTTP request, so that the first picture does not wait for the socket. */
  start(): void {
    if (this.#leave) return;
    void this.reload();
    this.#leave = this.#connection.join(this);
  }

  /** Signed out: nothing of it may stay. */
  stop(): void {
    this.#leave?.();
    this.#leave = undefined;
    this.#etag = null;
    this.#state.set(emptyFleet);
    this.load.set('loading');
  }

  async reload(): Promise<void> {
    try {
      await this.poll();
    } catch (error) {
      if (this.load() === 'ready') return; // last known values stay
      this.failure.set(error instanceof ApiError ? error.message : 'Something unexpected happened.');
      this.load.set('failed');
    }
  }

  /** Calls back after each batch until the returned function is called. */
  onNews(listener: (news: FleetNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sessions from a list that was loaded page by page. */
  add(loaded: readonly Summary[]): void {
    this.#state.update((state) => mergeLoaded(state, loaded, false));
  }

  snapshot(snapshot: SessionList | Session): void {
    if ('items' in snapshot) this.#adopt(snapshot);
  }

  deltas(deltas: readonly Delta[]): void {
    const before = this.#state();
    const after = applyToFleet(before, deltas);
    this.#state.set(after);
    for (const listener of this.#listeners) listener({ deltas, before, after });
    if (after.missing.size > 0) void this.#fetchMissing();
  }

  refused(_status: number, title: string): void {
    if (this.load() === 'ready') return;
    this.failure.set(title);
    this.load.set('failed');
  }

  async poll(): Promise<void> {
    const answer = await this.#api.poll<SessionList>('/sessions', { limit: pageSize }, this.#etag);
    if (!answer.changed) return;
    this.#etag = answer.etag;
    this.#adopt(answer.value);
  }

  #adopt(list: SessionList): void {
    const before = this.#state();
    const after = mergeLoaded(before, list.items, true);
    this.#state.set(after);
    this.load.set('ready');
    for (const listener of this.#listeners) listener({ deltas: [], before, after });
    void this.#loadActive(list);
  }

  /** Active sessions may lie below the first page; the stat card counts all of them. */
  async #loadActive(first: SessionList): Promise<void> {
    if (first.nextCursor === null) return;
    let cursor: string | undefined;
    try {
      for (let page = 0; page < activePages; page++) {
        const query = {
          status: 'active',
          limit: activePageSize,
          ...(cursor === undefined ? {} : { cursor }),
        };
        const list = await this.#api.get<SessionList>('/sessions', query);
        this.add(list.items);
        if (list.nextCursor === null) return;
        cursor = list.nextCursor;
      }
    } catch {
      // the next snapshot or poll tries again; what is known stays
    }
  }

  /**
   * Sessions a delta spoke of that were never loaded. While one is fetched, further deltas may name it again;
   * it is then fetched again, until what is known is no older than the last delta.
   */
  async #fetchMissing(): Promise<void> {
    if (this.#fetching) return;
    this.#fetching = true;
    try {
      while (this.#state().missing.size > 0) {
        const ids = [...this.#state().missing].slice(0, missingAtOnce);
        this.#state.update((state) => ({ ...state, missing: without(state.missing, ids) }));
        const found = await Promise.all(ids.map((id) => this.#fetchOne(id)));
        this.#state.update((state) =>
          mergeKeepingMissing(
            state,
            found.filter((s) => s !== undefined),
          ),
        );
      }
    } finally {
      this.#fetching = false;
    }
  }

  async #fetchOne(id: string): Promise<Summary | undefined> {
    try {
      return summaryOf(await this.#api.get<Session>(`/sessions/${encodeURIComponent(id)}`));
    } catch {
      return undefined; // gone or unreachable; the next delta or snapshot names it again
    }
  }

  #count(status: Status): number {
    return this.active().filter((session) => session.status === status).length;
  }
}

function without(ids: ReadonlySet<string>, removed: readonly string[]): ReadonlySet<string> {
  return new Set([...ids].filter((id) => !removed.includes(id)));
}

/** A fetched summary becomes known only if no delta came for it meanwhile. */
function mergeKeepingMissing(state: FleetState, found: readonly Summary[]): FleetState {
  const settled = found.filter((summary) => !state.missing.has(summary.id));
  return { ...mergeLoaded(state, settled, true), missing: state.missing };
}
