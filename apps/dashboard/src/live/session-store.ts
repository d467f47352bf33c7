import { Injectable, inject, signal } from '@angular/core';
import type { Delta, Message, Session, SessionList } from '@telltale/contracts';
import { ApiError, TelltaleApi } from '../api/telltale-api';
import { applyToSession } from './apply-changes';
import { LiveConnection } from './live-connection';
import type { RoomMember } from './room-sync';

export type SessionLoad = 'loading' | 'ready' | 'missing' | 'deleted' | 'failed';

/** One session, kept current by its room. Provided by the session page: it lives as long as the page does. */
@Injectable()
export class SessionStore {
  readonly #api = inject(TelltaleApi);
  readonly #connection = inject(LiveConnection);
  readonly #listeners = new Set<(messages: readonly Message[]) => void>();
  readonly #gapListeners = new Set<() => void>();
  #leave: (() => void) | undefined;
  #etag: string | null = null;

  readonly session = signal<Session | null>(null);
  readonly load = signal<SessionLoad>('loading');
  readonly failure = signal('');

  open(id: string): void {
    this.close();
    this.session.set(null);
    this.load.set('loading');
    const member = this.#member(id);
    void this.#first(member);
    this.#leave = this.#connection.join(member);
  }

  close(): void {
    this.#leave?.();
    this.#leave = undefined;
    this.#etag = null;
  }

  /** Messages that were added or changed. */
  onMessages(listener: (messages: readonly Message[]) => void): void {
    this.#listeners.add(listener);
  }

  /** The page may have missed messages (a snapshot replaced the deltas): whoever shows them should look again. */
  onGap(listener: () => void): void {
    this.#gapListeners.add(listener);
  }

  async #first(member: RoomMember): Promise<void> {
    try {
      await member.poll();
    } catch (error) {
      if (this.load() !== 'loading' || !this.#leave) return;
      const status = error instanceof ApiError ? error.status : 0;
      member.refused(status, error instanceof ApiError ? error.message : 'Something unexpected happened.');
    }
  }

  #member(id: string): RoomMember {
    return {
      room: `session:${id}`,
      snapshot: (snapshot) => this.#adopt(snapshot),
      deltas: (deltas) => this.#apply(deltas),
      refused: (status, title) => this.#refused(status, title),
      poll: async () => {
        const path = `/sessions/${encodeURIComponent(id)}`;
        const answer = await this.#api.poll<Session>(path, {}, this.#etag).catch((error: unknown) => {
          if (!(error instanceof ApiError && error.status === 404)) throw error;
          this.#refused(404, error.message); // an answer, and no reason to call the connection broken
          return { changed: false } as const;
        });
        if (!answer.changed || this.load() === 'deleted') return;
        this.#etag = answer.etag;
        this.#adopt(answer.value);
      },
    };
  }

  #adopt(snapshot: Session | SessionList): void {
    if ('items' in snapshot) return;
    const known = this.session();
    this.session.set(snapshot);
    this.load.set('ready');
    if (known !== null && known.revision !== snapshot.revision)
      for (const listener of this.#gapListeners) listener();
  }

  #apply(deltas: readonly Delta[]): void {
    if (deltas.some((delta) => delta.changes?.deleted)) return this.load.set('deleted');
    const session = this.session();
    if (session === null) return;
    this.session.set(
      deltas.reduce(
        (state, { changes, to }) => (changes ? { ...applyToSession(state, changes), revision: to } : state),
        session,
      ),
    );
    const messages = deltas.flatMap((delta) => delta.changes?.messages ?? []);
    if (messages.length > 0) for (const listener of this.#listeners) listener(messages);
  }

  #refused(status: number, title: string): void {
    if (this.load() === 'ready' && status !== 404) return; // last known values stay
    this.failure.set(title);
    this.load.set(status === 404 ? 'missing' : 'failed');
  }
}
