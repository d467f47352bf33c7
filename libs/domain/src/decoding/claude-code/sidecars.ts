import type { Observation, SessionRegisters, Stamped } from '../../observation';
import { parseInstant } from '../reading/instant';
import { storableId } from '../reading/text';
import { asList, asObject, asText, type JsonObject } from '../reading/values';
import type { LineOrigin, LineReading } from './line-reading';
import { titleText } from './state-records';

/** `custom-title.json`: the title given by /rename. */
export function readCustomTitle(reading: LineReading): void {
  const { record } = reading;
  const title = titleText(record['customTitle']) ?? titleText(record['title']) ?? titleText(record['name']);
  if (title !== undefined) reading.registerAsOfTheFact('customTitle', title);
}

/**
 * `sessions-index.json`: titles of many sessions. Stale since about 2.1.31: hints only, as of the time each entry
 * was last changed. It makes no session: a title whose session has no activity is shown nowhere.
 */
export function readSessionsIndex(index: JsonObject, origin: LineOrigin, sink: Observation[]): void {
  for (const entry of asList(index['entries']).map(asObject)) {
    const id = asText(entry?.['sessionId']);
    if (entry === undefined || id === undefined || entry['isSidechain'] === true) continue;
    const at = parseInstant(entry['modified']) ?? parseInstant(entry['fileMtime']) ?? 0;
    const registers = titlesOf(entry, at, origin.place.offset);
    if (registers === undefined) continue;
    sink.push({
      type: 'registers',
      sessionId: storableId(id),
      at,
      place: origin.place,
      agentId: null,
      registers,
    });
  }
}

function titlesOf(entry: JsonObject, at: number, offset: number): SessionRegisters | undefined {
  const stamp = (value: string): Stamped<string> => ({ value, at, offset });
  const customTitle = titleText(entry['customTitle']);
  const summary = titleText(entry['summary']);
  if (customTitle === undefined && summary === undefined) return undefined;
  return {
    ...(customTitle === undefined ? {} : { customTitle: stamp(customTitle) }),
    ...(summary === undefined ? {} : { summaryTitle: stamp(summary) }),
  };
}
