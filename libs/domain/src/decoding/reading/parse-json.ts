import { previewOf } from './text';

/** A line's JSON of whatever kind, nothing in it, or why it is none. */
export type ParsedJson =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'blank' }
  | { readonly kind: 'broken'; readonly reason: string };

/** One line as JSON. A byte order mark before it is tolerated. */
export function parseJson(line: string): ParsedJson {
  const text = line.charCodeAt(0) === 0xfeff ? line.slice(1) : line;
  try {
    return { kind: 'value', value: JSON.parse(text) as unknown };
  } catch (error) {
    // Whatever stands in a file may reach us here; only a line of nothing is no fault.
    if (text.trim() === '') return { kind: 'blank' };
    return { kind: 'broken', reason: `not JSON: ${previewOf(messageOf(error), 200).preview}` };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
