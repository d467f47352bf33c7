import { previewOf } from './text';
import { asObject, type JsonObject } from './values';

export type ParsedLine =
  | { readonly kind: 'record'; readonly record: JsonObject }
  | { readonly kind: 'blank' }
  | { readonly kind: 'broken'; readonly reason: string };

/** One line as the JSON object it should be. A byte order mark before it is tolerated. */
export function parseLine(line: string): ParsedLine {
  const text = line.charCodeAt(0) === 0xfeff ? line.slice(1) : line;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // Whatever stands in a file may reach us here; only a line of nothing is no fault.
    if (text.trim() === '') return { kind: 'blank' };
    return { kind: 'broken', reason: `not JSON: ${previewOf(messageOf(error), 200).preview}` };
  }
  const record = asObject(value);
  if (record !== undefined) return { kind: 'record', record };
  return { kind: 'broken', reason: `not a JSON object but ${kindOf(value)}` };
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
