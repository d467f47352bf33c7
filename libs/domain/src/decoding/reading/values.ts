/** JSON as it was parsed: nothing in it may be trusted to be of any type. */
export type JsonObject = { readonly [key: string]: unknown };

/** The object, if it is one and no list. */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

/** The list; an empty one where it is none. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text, if it is one and not empty. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A whole number within `[0, max]`, fractions cut off; undefined for all else. */
export function asCount(value: unknown, max: number): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= max ? Math.trunc(value) : undefined;
}
