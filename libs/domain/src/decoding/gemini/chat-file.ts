import type { ElementLine } from '@telltale/contracts';
import { asObject, asText } from '../reading/values';

/** What a file below a Gemini CLI root is, told by its path alone. */
export interface GeminiChat {
  /** One JSON document, rewritten whole; or lines that are appended. */
  readonly format: 'document' | 'lines';
  /** Stands in for the session's id where no record tells it. */
  readonly name: string;
  /** The session whose subagent's chat it is: newer versions put those in a folder of the session's name. */
  readonly parentId: string | null;
}

/** `tmp/<project>/chats/session-*.json`, `….jsonl`, `tmp/<project>/chats/<session>/<agent>.jsonl`; undefined for all else. */
export function geminiChat(root: string, path: string): GeminiChat | undefined {
  const plain = path.replaceAll('\\', '/');
  const base = root.replaceAll('\\', '/').replace(/\/+$/, '');
  const below = base !== '' && plain.startsWith(`${base}/`) ? plain.slice(base.length + 1) : plain;
  const match = /(?:^|\/)tmp\/[^/]+\/chats\/(?:([^/]+)\/)?([^/]+)\.(jsonl?)$/.exec(below);
  const [, folder, name, extension] = match ?? [];
  if (name === undefined || (folder === undefined && !name.startsWith('session-'))) return undefined;
  return { format: extension === 'json' ? 'document' : 'lines', name, parentId: folder ?? null };
}

/**
 * The elements of a whole chat document: `session` (all but the messages) and one for each message, named by its id
 * or, for want of one, by its place. `history` is what early versions called the messages. Undefined where the
 * document is no chat.
 */
export function splitGeminiChat(document: unknown): ElementLine[] | undefined {
  const chat = asObject(document);
  if (chat === undefined) return undefined;
  const { messages, history, ...session } = chat;
  const list: readonly unknown[] = Array.isArray(messages) ? messages : Array.isArray(history) ? history : [];
  const names = new Map<string, number>();
  return [
    { element: 'session', value: session },
    ...list.map((value, index) => ({ element: elementName(value, index, names), value })),
  ];
}

function elementName(message: unknown, index: number, taken: Map<string, number>): string {
  const id =
    typeof message === 'object' && message !== null && 'id' in message ? asText(message.id) : undefined;
  const name = `messages/${id ?? index}`;
  const times = taken.get(name) ?? 0;
  taken.set(name, times + 1);
  return times === 0 ? name : `${name}#${times}`;
}
