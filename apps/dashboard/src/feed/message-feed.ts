import { CdkVirtualForOf, CdkVirtualScrollViewport, VIRTUAL_SCROLL_STRATEGY } from '@angular/cdk/scrolling';
import {
  Component,
  DestroyRef,
  InjectionToken,
  afterRenderEffect,
  computed,
  inject,
  input,
  signal,
  type OnInit,
} from '@angular/core';
import type { Message, Session } from '@telltale/contracts';
import { EmptyState } from '../figures/empty-state';
import { counted, formatCount } from '../figures/format';
import { isActive } from '../figures/words';
import { Icon } from '../icons/icon';
import { SessionStore } from '../live/session-store';
import type { FeedItem } from './feed-item';
import { FeedStore, type FeedFilter } from './feed-store';
import { MeasuredRow } from './measured-row';
import { MeasuredScroll, type ScrollPlace } from './measured-scroll';
import { MessageRow } from './message-row';

const filters: readonly { readonly value: FeedFilter; readonly word: string }[] = [
  { value: 'all', word: 'All' },
  { value: 'prompt', word: 'Prompts' },
  { value: 'tool', word: 'Tools' },
  { value: 'error', word: 'Errors' },
];

/** What the strategy and the component share: the strategy is made before the component is. */
class FeedScroll {
  estimate: (key: string) => number = () => 60;
  moved: (place: ScrollPlace) => void = () => undefined;
  readonly strategy = new MeasuredScroll(
    (key) => this.estimate(key),
    (place) => this.moved(place),
  );
}
const feedScroll = new InjectionToken<FeedScroll>('feed scroll');

/** A session's messages, newest at the bottom. Follows while its end is in view; loads more at both ends. */
@Component({
  selector: 'tt-message-feed',
  imports: [CdkVirtualForOf, CdkVirtualScrollViewport, EmptyState, Icon, MeasuredRow, MessageRow],
  providers: [
    FeedStore,
    { provide: feedScroll, useFactory: () => new FeedScroll() },
    {
      provide: VIRTUAL_SCROLL_STRATEGY,
      useFactory: (scroll: FeedScroll) => scroll.strategy,
      deps: [feedScroll],
    },
  ],
  templateUrl: './message-feed.html',
  styleUrl: './message-feed.css',
})
export class MessageFeed implements OnInit {
  readonly session = input.required<Session>();

  readonly #sessions = inject(SessionStore);
  readonly #scroll = inject(feedScroll);
  protected readonly feed = inject(FeedStore);
  protected readonly strategy = this.#scroll.strategy;
  protected readonly filters = filters;
  protected readonly skeletons = [0, 1, 2, 3, 4];

  protected readonly following = signal(true);
  protected readonly unseen = signal(0);
  protected readonly total = computed(() =>
    this.feed.load() === 'ready' ? formatCount(this.feed.window().total) : '–',
  );
  protected readonly chip = computed(() =>
    this.unseen() > 0 ? `${formatCount(this.unseen())} new` : 'Newest',
  );
  readonly #agents = computed(
    () =>
      new Map(this.session().agents.map((agent) => [agent.id, agent.description ?? agent.type ?? 'Agent'])),
  );
  /** The call a waiting session waits for: its last one without a result. */
  protected readonly asked = computed(() => {
    if (this.session().status !== 'waiting') return null;
    const last = this.feed.items().at(-1)?.message;
    return last?.tool?.result === null ? last.id : null;
  });
  protected readonly goesOn = computed(() => isActive(this.session().status));
  protected readonly countedWords = computed(() => counted(this.feed.window().total, 'message'));

  constructor() {
    const kinds = computed(
      () => new Map(this.feed.items().map((item) => [item.message.id, estimatedHeight(item)])),
    );
    this.#scroll.estimate = (key) => kinds().get(key) ?? 60;
    this.#scroll.moved = (place) => this.#moved(place);
    afterRenderEffect(() => this.strategy.setKeys(this.feed.items().map((item) => item.message.id)));
    this.#sessions.onMessages((messages) => this.#receive(messages));
    this.#sessions.onGap(() => void this.feed.catchUp());
    const again = setInterval(() => this.#nearEdges(), 1000);
    inject(DestroyRef).onDestroy(() => clearInterval(again));
  }

  ngOnInit(): void {
    void this.feed.open(this.session().id);
  }

  protected readonly track = (_index: number, item: FeedItem): string => item.message.id;

  protected agentOf(item: FeedItem): string {
    const { agentId } = item.message;
    return agentId ? (this.#agents().get(agentId) ?? 'Agent') : '';
  }

  protected async choose(filter: FeedFilter): Promise<void> {
    this.#follow();
    await this.feed.choose(filter);
  }

  protected toggle(item: FeedItem): void {
    this.strategy.hold();
    void this.feed.toggle(item);
  }

  protected async toNewest(): Promise<void> {
    this.#follow();
    if (this.feed.window().hasNewer) await this.feed.toNewest();
    this.strategy.toEnd();
  }

  protected async toOldest(): Promise<void> {
    this.following.set(false);
    if (this.feed.window().hasOlder) await this.feed.toOldest();
    this.strategy.toStart();
  }

  protected key(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget || (event.key !== 'Home' && event.key !== 'End')) return;
    event.preventDefault();
    void (event.key === 'Home' ? this.toOldest() : this.toNewest());
  }

  #follow(): void {
    this.following.set(true);
    this.unseen.set(0);
  }

  #receive(messages: readonly Message[]): void {
    const added = this.feed.receive(messages);
    if (!this.following()) this.unseen.update((count) => count + added);
  }

  #moved(place: ScrollPlace): void {
    const atNewest = place.atEnd && !this.feed.window().hasNewer;
    this.following.set(atNewest);
    if (atNewest) this.unseen.set(0);
    this.#place = place;
    this.#nearEdges();
  }
  #place: ScrollPlace = { atEnd: true, nearStart: false, nearEnd: true };

  /** Loads on where the reader nears an end; asked again now and then, for a page may have failed to load. */
  #nearEdges(): void {
    if (this.feed.load() !== 'ready') return;
    if (this.#place.nearStart) void this.feed.older();
    else if (this.#place.nearEnd) void this.feed.newer();
  }
}

/** Pixels, until the row has been measured. */
function estimatedHeight({ message }: FeedItem): number {
  if (message.tool) return message.tool.result ? 128 : 44;
  return 56 + 21 * Math.min(14, Math.ceil((message.text || message.preview).length / 110));
}
