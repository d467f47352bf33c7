import { parseJson, type ParsedJson } from './parse-json';
import { asObject, type JsonObject } from './values';

/** A line that should be a JSON object. */
export type ParsedLine =
  { readonly kind: 'record'; readonly record: JsonObject } | Exclude<ParsedJson, { readonly kind: 'value' }>;

/** One line as the JSON object it should be. */
export function parseLine(line: string): ParsedLine {
  const parsed = parseJson(line);
  if (parsed.kind !== 'value') return parsed;
  const record = asObject(parsed.value);
  if (record !== undefined) return { kind: 'record', record };
  return { kind: 'broken', reason: `not a JSON object but ${kindOf(parsed.value)}` };
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
