import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface ConditionalRequest {
  /** A digest that only the very same request has, what it holds already aside. */
  readonly key: string;
  /** What it says it holds; undefined where it says nothing, or says it more than once. */
  readonly held: string | undefined;
}

const condition = 'if-none-match';

/**
 * Every header counts, also those that nothing here reads: what is the same to the last byte is let in, read and
 * answered in the same way. No header and no address holds a line feed.
 */
export function conditionalRequest({
  url,
  rawHeaders,
}: Pick<IncomingMessage, 'url' | 'rawHeaders'>): ConditionalRequest {
  let text = url ?? '';
  let held: string | undefined;
  let conditions = 0;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === condition.length && name.toLowerCase() === condition) {
      held = rawHeaders[at + 1];
      conditions += 1;
    } else text += `\n${name}\n${rawHeaders[at + 1] ?? ''}`;
  }
  return { key: hash('sha256', text, 'base64'), held: conditions === 1 ? held : undefined };
}
