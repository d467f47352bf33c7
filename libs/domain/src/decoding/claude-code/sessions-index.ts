import { parseLine } from '../reading/parse-line';
import { storableId } from '../reading/text';
import { asList, asObject, asText, type JsonObject } from '../reading/values';

/**
 * Versions of `sessions-index.json`, the oldest first, as one document without the entries of some sessions. An entry
 * has the fields of its newest version, and of older ones what that does not have. Undefined where no entry is left.
 */
export function sessionsIndexWithout(
  versions: readonly string[],
  isGone: (sessionId: string) => boolean,
): string | undefined {
  const entries = new Map<string, JsonObject>();
  let rest: JsonObject = {};
  for (const version of versions) {
    const parsed = parseLine(version);
    if (parsed.kind !== 'record') continue;
    rest = parsed.record;
    for (const entry of asList(parsed.record['entries']).map(asObject)) {
      const id = asText(entry?.['sessionId']);
      if (entry === undefined || id === undefined || isGone(storableId(id))) continue;
      entries.set(id, { ...entries.get(id), ...entry });
    }
  }
  return entries.size === 0 ? undefined : JSON.stringify({ ...rest, entries: [...entries.values()] });
}

/** Every session that a version names, with a title or without. */
export function sessionsOfIndex(version: string): string[] {
  const parsed = parseLine(version);
  if (parsed.kind !== 'record') return [];
  return asList(parsed.record['entries'])
    .map((entry) => asText(asObject(entry)?.['sessionId']))
    .filter((id) => id !== undefined)
    .map(storableId);
}
