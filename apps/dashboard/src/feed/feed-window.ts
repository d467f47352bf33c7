import type { Message, MessageList } from '@telltale/contracts';
import { liveItem, loadedItem, type FeedItem } from './feed-item';

/** More than a screen needs and less than a browser minds; a session may have 100,000. */
export const mostHeld = 1500;

/** A stretch of a session's feed without gaps, oldest first. Immutable. */
export interface FeedWindow {
  readonly items: readonly FeedItem[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  /** How many messages there are in all, as far as known. */
  readonly total: number;
}

export const emptyWindow: FeedWindow = { items: [], hasOlder: false, hasNewer: false, total: 0 };

/** The newest page (`before=end`). */
export function newestPage(page: MessageList): FeedWindow {
  return {
    items: page.items.map(loadedItem),
    hasOlder: page.nextCursor !== null,
    hasNewer: false,
    total: page.total,
  };
}

/** The oldest page. */
export function oldestPage(page: MessageList): FeedWindow {
  return {
    items: page.items.map(loadedItem),
    hasOlder: false,
    hasNewer: page.nextCursor !== null,
    total: page.total,
  };
}

/** A page of what lies before the window. What gets too much is let go at the other end. */
export function withOlder(window: FeedWindow, page: MessageList): FeedWindow {
  const items = [...unknown(window, page), ...window.items];
  return {
    items: items.slice(0, mostHeld),
    hasOlder: page.nextCursor !== null,
    hasNewer: window.hasNewer || items.length > mostHeld,
    total: page.total,
  };
}

/** A page of what lies after the window. */
export function withNewer(window: FeedWindow, page: MessageList): FeedWindow {
  const items = [...window.items, ...unknown(window, page)];
  return {
    items: items.slice(-mostHeld),
    hasOlder: window.hasOlder || items.length > mostHeld,
    hasNewer: page.nextCursor !== null,
    total: page.total,
  };
}

function unknown(window: FeedWindow, page: MessageList): FeedItem[] {
  const known = new Set(window.items.map((item) => item.message.id));
  return page.items.filter((message) => !known.has(message.id)).map(loadedItem);
}

export interface Received {
  readonly window: FeedWindow;
  /** How many messages were not known before. */
  readonly added: number;
}

/**
 * Messages from deltas, added or changed, in any order and any number of times: a known one is replaced, a new
 * one goes where its time puts it. What lies outside the window only counts.
 */
export function receive(window: FeedWindow, messages: readonly Message[], now: number): Received {
  const items = [...window.items];
  const place = new Map(items.map((item, i) => [item.message.id, i]));
  const fresh: FeedItem[] = [];
  let added = 0;
  for (const message of messages) {
    const known = place.get(message.id);
    if (known !== undefined)
      items[known] = { ...liveItem(message, now), freshAt: items[known]?.freshAt ?? 0 };
    else if (belongs(window, message)) fresh.push(liveItem(message, now));
    else if (window.hasNewer) added++; // beyond the window's end: it is loaded when the reader gets there
  }
  const inserted = latestOfEach(fresh);
  for (const item of inserted) insert(items, item);
  added += inserted.length;
  const total = window.total + added;
  if (items.length <= mostHeld) return { window: { ...window, items, total }, added };
  return { window: { ...window, items: items.slice(-mostHeld), hasOlder: true, total }, added };
}

/** Whether a new message lies within what the window covers. */
function belongs(window: FeedWindow, message: Message): boolean {
  if (window.hasNewer && compareTimes(message, window.items.at(-1)?.message) > 0) return false;
  return !window.hasOlder || compareTimes(message, window.items[0]?.message) >= 0;
}

function latestOfEach(items: readonly FeedItem[]): FeedItem[] {
  return [...new Map(items.map((item) => [item.message.id, item])).values()];
}

/** From the end backwards: new messages are nearly always the newest. */
function insert(items: FeedItem[], item: FeedItem): void {
  let at = items.length;
  while (at > 0 && compareTimes(items[at - 1]?.message, item.message) > 0) at--;
  items.splice(at, 0, item);
}

/** A message without a time stands at the end, as in the gateway's order. */
function compareTimes(a: Message | undefined, b: Message | undefined): number {
  const [left, right] = [timeOf(a), timeOf(b)];
  return left - right || 0;
}

function timeOf(message: Message | undefined): number {
  return message?.at ? Date.parse(message.at) : Number.MAX_SAFE_INTEGER;
}
