import { parseInstant } from '../reading/instant';
import { parseJson } from '../reading/parse-json';
import { asObject, asText, type JsonObject } from '../reading/values';
import { broken, elementOf, nothing, type Element, type ParsedElement } from './element';

const elementKind = /^(session|message|part|todo)\//;

/** A row of the SQLite store, as `{"element":"part/prt_…","value":{…columns…,"data":…}}`. */
export function rowElement(line: unknown): ParsedElement {
  const record = asObject(line);
  const kind = elementKind.exec(asText(record?.['element']) ?? '')?.[1] as Element['kind'] | undefined;
  // Rows are deleted when a person takes messages back: what they cost was spent.
  if (kind === undefined || record?.['value'] === null) return nothing;
  const row = asObject(record?.['value']);
  return row === undefined ? broken(`the ${kind}'s row is no JSON object`) : columnsElement(kind, row);
}

function columnsElement(kind: Element['kind'], row: JsonObject): ParsedElement {
  const id = asText(row['id']) ?? '';
  const sessionId = asText(row['session_id']) ?? '';
  const times = {
    createdAt: parseInstant(row['time_created']),
    updatedAt: parseInstant(row['time_updated']),
  };
  switch (kind) {
    case 'session':
      return elementOf({ kind, id, sessionId: id, value: sessionDocument(row, times), ...times });
    case 'todo': {
      const list = row['todos'];
      return Array.isArray(list)
        ? elementOf({ kind, sessionId, list, ...times })
        : broken('the todos are no list');
    }
    case 'message':
    case 'part': {
      const value = asObject(row['data']);
      const messageId = asText(row['message_id']) ?? '';
      return value === undefined
        ? broken(`the ${kind}'s data is no JSON object`)
        : elementOf({ kind, id, sessionId, messageId, value, ...times });
    }
  }
}

type Times = Pick<Element, 'createdAt' | 'updatedAt'>;

/** A session's columns under the names that the JSON store gives them. */
function sessionDocument(row: JsonObject, { createdAt, updatedAt }: Times): JsonObject {
  return {
    title: row['title'],
    directory: row['directory'],
    parentID: row['parent_id'],
    version: row['version'],
    agent: row['agent'],
    model: objectIn(row['model']),
    share: { url: row['share_url'] },
    time: { created: createdAt, updated: updatedAt, archived: row['time_archived'] },
  };
}

/** A column may hold JSON as text. */
function objectIn(column: unknown): unknown {
  if (typeof column !== 'string') return column;
  const parsed = parseJson(column);
  return parsed.kind === 'value' ? parsed.value : undefined;
}
