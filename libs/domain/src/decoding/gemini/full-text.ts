import type { FullText } from '../decoder';
import { jsonText } from '../reading/json-text';
import { parseLine } from '../reading/parse-line';
import { storable } from '../reading/text';
import { asList, asObject, asText, type JsonObject } from '../reading/values';
import { contentText } from './content';
import { contentOf } from './messages';
import { resultText, toolCallsOf } from './tool-calls';

/**
 * The whole text of what `key` names in this line; undefined where it is not there. The line does not say its
 * session, so a key made with one is recognised by its end.
 */
export function fullTextOf(line: string, key: string): FullText | undefined {
  const parsed = parseLine(line);
  if (parsed.kind !== 'record') return undefined;
  for (const record of candidates(parsed.record)) {
    const found = textIn(record, asText(parsed.record['element']), key);
    if (found !== undefined) return found;
  }
  return undefined;
}

function candidates(line: JsonObject): JsonObject[] {
  const values = [line['value'], line, ...asList(asObject(line['$set'])?.['messages'])];
  return values.map(asObject).filter((record) => record !== undefined);
}

function textIn(record: JsonObject, element: string | undefined, key: string): FullText | undefined {
  const id = asText(record['id']) ?? element?.slice(element.indexOf('/') + 1);
  const name = key.slice(2);
  if (key.startsWith('t:')) return callText(record, name);
  if (id === undefined || !(name === id || name.endsWith(`/${id}`))) return undefined;
  return { text: storable(contentText(contentOf(record))) };
}

function callText(record: JsonObject, name: string): FullText | undefined {
  const calls = toolCallsOf(record, '');
  const found = calls.find(({ key }) => {
    const id = key.slice(2);
    return id.startsWith('/') ? name.endsWith(id) : name === id;
  })?.call;
  if (found === undefined) return undefined;
  return { input: storable(jsonText(found['args'] ?? {})), result: storable(resultText(found)) };
}
