import type { FullText } from '../decoder';
import { jsonText } from '../reading/json-text';
import { parseLine } from '../reading/parse-line';
import { storable } from '../reading/text';
import { asObject, asText, type JsonObject } from '../reading/values';
import { callEndText } from './tool-results';
import { outputText } from './content';
import { isKeyOf, mayBeCall } from './keys';
import { messageText } from './messages';
import { codexRecord } from './record';
import { rawInput } from './tools';

/** The whole text of what `key` names in this line; undefined where it is not there. A line holds one thing. */
export function fullTextOf(line: string, key: string): FullText | undefined {
  const parsed = parseLine(line);
  if (parsed.kind !== 'record') return undefined;
  const { payload } = codexRecord(parsed.record);
  if (key.startsWith('t:')) return mayBeCall(key, payload) ? toolText(payload) : undefined;
  const item = asObject(payload['item']) ?? payload;
  const error = asObject(payload['error']);
  for (const text of [messageText(item), messageText(error ?? {})]) {
    if (isKeyOf(key, text)) return { text: storable(text) };
  }
  return undefined;
}

function toolText(payload: JsonObject): FullText | undefined {
  const type = asText(payload['type']) ?? '';
  if (/_end$/.test(type)) return { result: storable(callEndText(payload)) };
  if (/_(?:output|result)$/.test(type)) {
    return { result: storable(outputText(payload['output'] ?? payload['result'])) };
  }
  if (!/_call$/.test(type)) return undefined;
  const raw = rawInput(payload);
  return { input: storable(typeof raw === 'string' ? indented(raw) : jsonText(raw)) };
}

/** Arguments are JSON in a text; what is none is a custom tool's own language. */
function indented(raw: string): string {
  try {
    return jsonText(JSON.parse(raw));
  } catch {
    return raw;
  }
}
