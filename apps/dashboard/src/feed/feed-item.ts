import type { Message } from '@telltale/contracts';

/** Longer texts are held cut, and loaded whole on demand: a feed of thousands must not hold megabytes. */
const heldCharacters = 6000;

export interface FeedItem {
  readonly message: Message;
  /** Whether the held texts may be shorter than the real ones. */
  readonly cut: boolean;
  /** Epoch ms when it came in over the live path; 0 for what was loaded. */
  readonly freshAt: number;
}

/** From a page: its texts are whole, but may be more than we want to hold. */
export function loadedItem(message: Message): FeedItem {
  const { text, tool } = message;
  const long = [text, tool?.input ?? '', tool?.result ?? ''].some((part) => part.length > heldCharacters);
  return { message: long ? cutMessage(message) : message, cut: long, freshAt: 0 };
}

/** From a delta: previews of up to 2 KiB, so anything near that may go on. */
export function liveItem(message: Message, now: number): FeedItem {
  const parts = [message.text, message.preview, message.tool?.input ?? '', message.tool?.result ?? ''];
  return { message: cutMessage(message), cut: parts.some((part) => part.length >= 1000), freshAt: now };
}

function cutMessage(message: Message): Message {
  const { tool } = message;
  return {
    ...message,
    text: cutText(message.text),
    ...(tool ? { tool: { ...tool, input: cutOrNull(tool.input), result: cutOrNull(tool.result) } } : {}),
  };
}

function cutOrNull(text: string | null): string | null {
  return text === null ? null : cutText(text);
}

function cutText(text: string): string {
  return text.length > heldCharacters ? text.slice(0, heldCharacters).toWellFormed() : text;
}
