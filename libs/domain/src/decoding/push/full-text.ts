import { pushedLineSchema, type PushedMessageLine } from '@telltale/contracts';
import type { FullText } from '../decoder';
import { jsonText } from '../reading/json-text';
import { parseLine } from '../reading/parse-line';
import { storable } from '../reading/text';
import { errorKey, messageKey, promptKey, toolKey } from './keys';
import { resultOf } from './messages';

/** The whole text of what `key` names in this line; undefined where it is not there. */
export function fullTextOf(line: string, key: string): FullText | undefined {
  const parsed = parseLine(line);
  if (parsed.kind !== 'record') return undefined;
  const read = pushedLineSchema.safeParse(parsed.record);
  if (!read.success || read.data.kind === 'session') return undefined;
  // The line does not name its session; the key does.
  const sessionId = key.slice(2, key.indexOf('/'));
  if (read.data.kind === 'end') {
    const { id, reason } = read.data;
    return key === errorKey(sessionId, id) ? { text: storable(reason ?? '') } : undefined;
  }
  return textOf(read.data, key, sessionId);
}

function textOf(line: PushedMessageLine, key: string, sessionId: string): FullText | undefined {
  if (line.tool !== undefined && key === toolKey(sessionId, line.id, line.tool.id)) return toolText(line);
  const named = [promptKey(sessionId, line.id), messageKey(sessionId, line.id)].includes(key);
  return named ? { text: storable(line.text) } : undefined;
}

function toolText(line: PushedMessageLine): FullText {
  const input = line.tool?.input;
  const result = resultOf(line);
  return {
    ...(input === undefined ? {} : { input: shown(input) }),
    ...(result === undefined ? {} : { result: shown(result) }),
  };
}

function shown(value: unknown): string {
  return storable(typeof value === 'string' ? value : jsonText(value));
}
