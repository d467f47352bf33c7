import type { FullText } from '../decoder';
import { jsonText } from '../reading/json-text';
import { parseLine } from '../reading/parse-line';
import { storable } from '../reading/text';
import { asObject, type JsonObject } from '../reading/values';
import { blocksOf, isToolResult, resultText, textOf } from './content';
import { messageKey, resultKey, toolUses } from './keys';
import { uuidOf } from './line-reading';
import { agentRecord } from './progress';
import { apiErrorText } from './system';

/** The whole text of what `key` names in this line; undefined where it is not there. */
export function fullTextOf(line: string, key: string): FullText | undefined {
  const parsed = parseLine(line);
  if (parsed.kind !== 'record') return undefined;
  const record = agentRecord(parsed.record) ?? parsed.record;
  const uuid = uuidOf(record, line);
  return key.startsWith('t:') ? toolText(record, uuid, key) : messageText(record, uuid, key);
}

function messageText(record: JsonObject, uuid: string, key: string): FullText | undefined {
  const message = asObject(record['message']);
  const keys = [`p:${uuid}`, `e:${uuid}`, `c:${uuid}`, messageKey(message, uuid)];
  if (!keys.includes(key)) return undefined;
  if (message !== undefined) return { text: storable(textOf(blocksOf(message))) };
  if (record['subtype'] === 'api_error') return { text: apiErrorText(record) };
  const content = record['content'];
  return typeof content === 'string' ? { text: storable(content) } : undefined;
}

function toolText(record: JsonObject, uuid: string, key: string): FullText | undefined {
  const blocks = blocksOf(asObject(record['message']));
  const use = toolUses(blocks, uuid).find((candidate) => candidate.key === key)?.use;
  const result = blocks.filter(isToolResult).find((block) => resultKey(block, record, uuid) === key);
  if (use === undefined && result === undefined) return undefined;
  return {
    ...(use === undefined ? {} : { input: storable(jsonText(use['input'] ?? {})) }),
    ...(result === undefined ? {} : { result: storable(resultText(result['content'])) }),
  };
}
