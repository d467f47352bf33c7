import type { SessionRegisters, Stamped } from '../observation';

/** The later stamp wins; of equal stamps the greater value, so that the order of arrival does not matter. */
export function later<T>(
  a: Stamped<T> | null | undefined,
  b: Stamped<T> | null | undefined,
): Stamped<T> | null {
  if (!a) return b ?? null;
  if (!b) return a;
  const order = a.at - b.at || a.offset - b.offset || compareValues(a.value, b.value);
  return order >= 0 ? a : b;
}

/** The earlier stamp wins; of two of one time the one further up, then the smaller value, so that order never matters. */
export function earlier<T>(
  a: Stamped<T> | null | undefined,
  b: Stamped<T> | null | undefined,
): Stamped<T> | null {
  if (!a) return b ?? null;
  if (!b) return a;
  const order = a.at - b.at || a.offset - b.offset || compareValues(a.value, b.value);
  return order <= 0 ? a : b;
}

/** By their content: an order of its own for what was said at one time. */
export function compareValues(a: unknown, b: unknown): number {
  const textA = JSON.stringify(a, sortedFields);
  const textB = JSON.stringify(b, sortedFields);
  return textA < textB ? -1 : Number(textA > textB);
}

/** The database gives an object's fields back in another order. */
function sortedFields(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Each register by its own rule: the last one wins, but of prompts the first. */
export function mergeRegisters(a: SessionRegisters, b: SessionRegisters): SessionRegisters {
  const merged: Record<string, Stamped<unknown>> = { ...a };
  for (const [name, stamped] of Object.entries(b) as [string, Stamped<unknown> | undefined][]) {
    if (stamped === undefined) continue;
    const winner = name === 'firstPrompt' ? earlier(merged[name], stamped) : later(merged[name], stamped);
    if (winner !== null) merged[name] = winner;
  }
  return merged;
}
