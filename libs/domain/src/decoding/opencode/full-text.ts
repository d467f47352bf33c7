import type { FullText } from '../decoder';
import { jsonText } from '../reading/json-text';
import { parseJson } from '../reading/parse-json';
import { storable, storableId } from '../reading/text';
import { asObject, asText, type JsonObject } from '../reading/values';
import { errorText, messageKey } from './message';
import { partText } from './part';
import { resultText, toolKey } from './tool';

/** The whole text of what `key` names in this line; undefined where it is not there. */
export function fullTextOf(line: string, key: string): FullText | undefined {
  const parsed = parseJson(line);
  const record = parsed.kind === 'value' ? asObject(parsed.value) : undefined;
  if (record === undefined) return undefined;
  const told = 'element' in record ? ofRow(record) : record;
  if (told === undefined || !speaksOf(told, key)) return undefined;
  if (told['type'] === 'tool') return toolText(told);
  const error = asObject(told['error']);
  if (key.startsWith('e:')) return error && { text: storable(errorText(error)) };
  return { text: partText(told) };
}

/** A row with its ids where the documents have them. */
function ofRow(line: JsonObject): JsonObject | undefined {
  const row = asObject(line['value']);
  const data = asObject(row?.['data']);
  return row && data && { ...data, id: row['id'], messageID: row['message_id'] };
}

/** A document may leave its ids to its path: then it is the one that was asked for. */
function speaksOf(record: JsonObject, key: string): boolean {
  const id = asText(record['id']);
  const messageId = asText(record['messageID']);
  if (id === undefined) return true;
  const keys = [`e:${storableId(id)}`, toolKey(storableId(id)), messageKey(storableId(id))];
  if (messageId !== undefined) keys.push(messageKey(storableId(messageId)));
  return keys.includes(key) || (key.startsWith('m:') && messageId === undefined);
}

function toolText(part: JsonObject): FullText | undefined {
  const state = asObject(part['state']);
  if (state === undefined) return undefined;
  return { input: storable(jsonText(state['input'] ?? {})), result: resultText(state) };
}
