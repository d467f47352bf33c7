import type { FileContext } from '../../observation';
import { asObject, asText, type JsonObject } from '../reading/values';
import { broken, elementOf, nothing, type ParsedElement } from './element';
import { isOwnId } from './ids';
import { openCodeFile, type OpenCodeFile } from './store-path';

type Place<K extends OpenCodeFile['kind']> = Extract<OpenCodeFile, { readonly kind: K }>;

/** A document of the JSON store: its path says what it is. */
export function documentElement(value: unknown, file: Pick<FileContext, 'root' | 'path'>): ParsedElement {
  const place = openCodeFile(file.root, file.path);
  switch (place.kind) {
    case 'todo':
      return Array.isArray(value) ? elementOf({ ...place, list: value }) : broken('the todos are no list');
    case 'session':
    case 'message':
    case 'part': {
      const record = asObject(value);
      return record === undefined
        ? broken(`the ${place.kind} is no JSON object`)
        : recordElement(record, place);
    }
    default:
      return nothing;
  }
}

function recordElement(record: JsonObject, place: Place<'session' | 'message' | 'part'>): ParsedElement {
  const id = asText(record['id']);
  const sessionId = asText(record['sessionID']);
  switch (place.kind) {
    case 'session': {
      const own = idOf(id, place.sessionId);
      return elementOf({ kind: 'session', id: own, sessionId: own, value: record });
    }
    case 'message':
      return elementOf({
        kind: 'message',
        id: idOf(id, place.messageId),
        sessionId: idOf(sessionId, place.sessionId),
        value: record,
      });
    case 'part':
      return elementOf({
        kind: 'part',
        id: idOf(id, place.partId),
        sessionId: sessionId ?? '',
        messageId: idOf(asText(record['messageID']), place.messageId ?? ''),
        value: record,
      });
  }
}

/** The tool itself goes by the file's name; but a name that is none of its ids may stand beside one that is. */
function idOf(stated: string | undefined, named: string): string {
  return stated === undefined || isOwnId(named) ? named : stated;
}
