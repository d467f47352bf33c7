import { Injectable, computed, inject, signal } from '@angular/core';
import type { Message, MessageKind, MessageList } from '@telltale/contracts';
import { TelltaleApi, type Query } from '../api/telltale-api';
import type { FeedItem } from './feed-item';
import {
  emptyWindow,
  newestPage,
  oldestPage,
  receive,
  withNewer,
  withOlder,
  type FeedWindow,
} from './feed-window';

const pageSize = 100;

export type FeedLoad = 'loading' | 'ready' | 'failed';
export type FeedFilter = MessageKind | 'all';

/** A session's messages: a window onto them that is moved by scrolling and grows at its end by deltas. */
@Injectable()
export class FeedStore {
  readonly #api = inject(TelltaleApi);
  #session = '';
  /** Counts openings, so that a late answer for another session or filter is dropped. */
  #opening = 0;
  #whole = new Map<string, Message>();

  readonly window = signal<FeedWindow>(emptyWindow);
  readonly load = signal<FeedLoad>('loading');
  readonly filter = signal<FeedFilter>('all');
  /** A page at this end is under way. */
  readonly moving = signal<'no' | 'older' | 'newer'>('no');
  readonly items = computed(() => this.window().items);
  /** Messages whose whole text is shown. */
  readonly expanded = signal<ReadonlyMap<string, Message | 'loading' | 'failed'>>(new Map());

  async open(session: string): Promise<void> {
    this.#session = session;
    this.filter.set('all');
    this.window.set(emptyWindow);
    await this.toNewest();
  }

  async choose(filter: FeedFilter): Promise<void> {
    this.filter.set(filter);
    this.window.set(emptyWindow);
    await this.toNewest();
  }

  toNewest(): Promise<void> {
    return this.#show({ before: 'end' }, newestPage);
  }

  toOldest(): Promise<void> {
    return this.#show({}, oldestPage);
  }

  /** Messages may have been missed: what came after the last known one. A jump if that is more than a page. */
  async catchUp(): Promise<void> {
    if (this.load() !== 'ready' || this.window().items.length === 0) return this.toNewest();
    if (this.window().hasNewer) return;
    await this.#extend('newer');
    if (this.window().hasNewer) await this.toNewest();
  }

  async older(): Promise<void> {
    if (this.window().hasOlder) await this.#extend('older');
  }

  async newer(): Promise<void> {
    if (this.window().hasNewer) await this.#extend('newer');
  }

  /** @returns how many messages were new */
  receive(messages: readonly Message[]): number {
    const filter = this.filter();
    const matching =
      filter === 'all' ? messages : messages.filter((message) => this.#matches(filter, message));
    if (matching.length === 0 || this.load() !== 'ready') return 0;
    const { window, added } = receive(this.window(), matching, Date.now());
    this.window.set(window);
    for (const message of matching) this.#whole.delete(message.id);
    return added;
  }

  /** Shows the whole text of a message, or its preview again. The whole text is asked for at most once. */
  async toggle(item: FeedItem): Promise<void> {
    const { id } = item.message;
    if (this.expanded().has(id)) return this.#setExpanded(id, undefined);
    const known = item.cut ? this.#whole.get(id) : item.message;
    if (known) return this.#setExpanded(id, known);
    this.#setExpanded(id, 'loading');
    const whole = await this.#fetchWhole(id);
    if (whole) this.#whole.set(id, whole);
    if (this.expanded().has(id)) this.#setExpanded(id, whole ?? 'failed');
  }

  #matches(filter: FeedFilter, message: Message): boolean {
    return message.kind === filter;
  }

  async #show(query: Query, make: (page: MessageList) => FeedWindow): Promise<void> {
    const opening = ++this.#opening;
    this.moving.set('no');
    if (this.window().items.length === 0) this.load.set('loading');
    try {
      const page = await this.#page({ limit: pageSize, ...query });
      if (opening !== this.#opening) return;
      this.window.set(make(page));
      this.load.set('ready');
    } catch {
      if (opening === this.#opening && this.window().items.length === 0) this.load.set('failed');
    }
  }

  async #extend(end: 'older' | 'newer'): Promise<void> {
    if (this.moving() !== 'no') return;
    const opening = this.#opening;
    const items = this.window().items;
    const edge = end === 'older' ? items[0] : items.at(-1);
    if (!edge) return;
    this.moving.set(end);
    try {
      const page = await this.#page({
        limit: pageSize,
        [end === 'older' ? 'before' : 'after']: edge.message.id,
      });
      if (opening !== this.#opening) return;
      this.window.update((window) => (end === 'older' ? withOlder(window, page) : withNewer(window, page)));
    } catch {
      // scrolling on tries again
    } finally {
      if (opening === this.#opening) this.moving.set('no');
    }
  }

  #page(query: Query): Promise<MessageList> {
    const filter = this.filter();
    const kind = filter === 'all' ? {} : { kind: filter };
    return this.#api.get<MessageList>(`/sessions/${encodeURIComponent(this.#session)}/messages`, {
      ...query,
      ...kind,
    });
  }

  /** There is no address for one message: it is the page of one after the message before it. */
  async #fetchWhole(id: string): Promise<Message | undefined> {
    const items = this.window().items;
    const at = items.findIndex((item) => item.message.id === id);
    const previous = items[at - 1]?.message.id;
    const next = items[at + 1]?.message.id;
    const query: Query = previous !== undefined ? { after: previous } : { before: next ?? 'end' };
    try {
      const page = await this.#page({ ...query, limit: 1 });
      return page.items.find((message) => message.id === id);
    } catch {
      return undefined;
    }
  }

  #setExpanded(id: string, state: Message | 'loading' | 'failed' | undefined): void {
    this.expanded.update((expanded) => {
      const next = new Map(expanded);
      if (state === undefined) next.delete(id);
      else next.set(id, state);
      return next;
    });
  }
}
