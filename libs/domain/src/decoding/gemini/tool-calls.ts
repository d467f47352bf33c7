import { previewBytes, type ObjectiveStatus } from '../../observation';
import { parseInstant } from '../reading/instant';
import { jsonStart } from '../reading/json-text';
import { previewOf, storable, storableId, storableName } from '../reading/text';
import { asList, asObject, asText, type JsonObject } from '../reading/values';
import type { ChatReading } from './chat-reading';
import { toolStep } from './steps';

/** An id that carries the time it was made at is one of its kind; others only within their message. */
const globalCallId = /\d{13}-[0-9a-f]+$/;

const mostTodos = 200;

/** Says each call and its result; gives back what the last one does in words. */
export function readToolCalls(reading: ChatReading, model: string | null): string | undefined {
  let step: string | undefined;
  for (const { key, call } of toolCallsOf(reading.record, reading.messageId)) {
    const name = storableName(asText(call['name']) ?? 'unknown');
    const args = asObject(call['args']) ?? {};
    const input = previewOf(jsonStart(call['args'] ?? {}, previewBytes)).preview;
    reading.say({ type: 'tool-use', key, name, input, model });
    readResult(reading, key, call);
    if (name === 'write_todos') readTodos(reading, args);
    step = toolStep(name, args);
  }
  return step;
}

/** The calls of a message with their keys. */
export function toolCallsOf(record: JsonObject, messageId: string): { key: string; call: JsonObject }[] {
  return asList(record['toolCalls'])
    .map(asObject)
    .filter((call) => call !== undefined)
    .map((call, index) => {
      const id = asText(call['id']);
      const isGlobal = id !== undefined && globalCallId.test(id);
      return { key: `t:${storableId(isGlobal ? id : `${messageId}/${id ?? index}`)}`, call };
    });
}

function readResult(reading: ChatReading, key: string, call: JsonObject): void {
  const status = asText(call['status']);
  const text = resultText(call);
  if (status === undefined && text === '') return;
  if (status !== undefined && !['success', 'error', 'cancelled'].includes(status)) return; // it runs, or waits
  const ended = parseInstant(call['timestamp']);
  reading.say(
    {
      type: 'tool-result',
      key,
      isError: status === 'error',
      preview: previewOf(text).preview,
      durationMs: null,
    },
    // Where both bear one time, the call's is its message's, and how long it took is not known.
    ended !== undefined && ended > reading.at ? ended : 0,
  );
}

/** What came back: the output or error of the function's response, else what was shown of it. */
export function resultText(call: JsonObject): string {
  const responses = asList(call['result']).map((part) =>
    asObject(asObject(asObject(part)?.['functionResponse'])?.['response']),
  );
  const texts = responses.map((response) => asText(response?.['output']) ?? asText(response?.['error']));
  const said = texts.filter((text) => text !== undefined).join('\n');
  return said === '' ? (asText(call['resultDisplay']) ?? '') : said;
}

function readTodos(reading: ChatReading, args: JsonObject): void {
  const todos = asList(args['todos']).slice(0, mostTodos).map(asObject);
  const list = todos
    .map((todo) => ({
      text: storable(asText(todo?.['description']) ?? asText(todo?.['content']) ?? ''),
      status: statusOf(todo?.['status']),
    }))
    .filter(({ text, status }) => text !== '' && status !== undefined)
    .map(({ text, status }) => ({ text: previewOf(text, 500).preview, status: status ?? 'pending' }));
  reading.register({ todoList: reading.stamp(list) });
}

/** A cancelled one is none any more. */
function statusOf(status: unknown): ObjectiveStatus | undefined {
  if (status === 'cancelled') return undefined;
  if (status === 'completed') return 'completed';
  return status === 'in_progress' ? 'active' : 'pending';
}
