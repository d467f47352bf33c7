import { storableId } from '../reading/text';
import { asText, type JsonObject } from '../reading/values';
import { isToolUse } from './content';

/** `m:` and the message id, without one the record's own uuid. */
export function messageKey(message: JsonObject | undefined, uuid: string): string {
  const id = asText(message?.['id']);
  return `m:${id === undefined ? uuid : storableId(id)}`;
}

/** The uses of a record with their keys: the id; for want of one the record's uuid, from the second such use on with its number. */
export function toolUses(blocks: readonly JsonObject[], uuid: string): { key: string; use: JsonObject }[] {
  let nameless = 0;
  return blocks.filter(isToolUse).map((use) => {
    const id = asText(use['id']);
    if (id !== undefined) return { key: `t:${storableId(id)}`, use };
    nameless++;
    return { key: nameless === 1 ? `t:${uuid}` : `t:${uuid}:${nameless}`, use };
  });
}

/** The use a result answers: by its id, else by the record that asked. */
export function resultKey(block: JsonObject, record: JsonObject, uuid: string): string {
  const id = asText(block['tool_use_id']) ?? asText(record['sourceToolAssistantUUID']) ?? uuid;
  return `t:${storableId(id)}`;
}
