import { parseInstant } from '../reading/instant';
import { previewOf, storableName } from '../reading/text';
import { asObject, asText, type JsonObject } from '../reading/values';
import type { ElementReading } from './element-reading';
import { isCopied } from './ids';
import { modelName, usageRow } from './usage';

const longestPath = 4096;
const noText = { preview: '', truncated: false };

interface Told {
  readonly key: string;
  readonly at: number;
}

/** A message without its text, which its parts tell. */
export function readMessage(reading: ElementReading): void {
  const { value, element } = reading;
  const role = value['role'];
  if (role !== 'user' && role !== 'assistant') return;
  const time = asObject(value['time']);
  const at = parseInstant(time?.['created']) ?? element.createdAt ?? 0;
  const key = messageKey(element.id);
  if (isCopied(element.id, element.sessionId, at)) return tellCopy(reading, role, { key, at });
  if (at > 0) reading.active(at, parseInstant(time?.['completed']));
  tellMessage(reading, role, { key, at });
}

function tellMessage(reading: ElementReading, role: 'user' | 'assistant', { key, at }: Told): void {
  const { value } = reading;
  if (role === 'user') readPrompt(reading, key, at);
  else readAnswer(reading, key, at);
  const agent = asText(value['agent']) ?? asText(value['mode']);
  if (agent !== undefined) reading.register('phase', storableName(agent), at);
  reading.tellRegisters(at);
}

/** Names a message, and its usage, in every copy of the store. */
export function messageKey(id: string): string {
  return `m:${id}`;
}

/** The history of a forked session: shown, but it happened elsewhere. */
function tellCopy(reading: ElementReading, role: 'user' | 'assistant', { key, at }: Told): void {
  const copied = { key, ...noText, copied: true } as const;
  if (role === 'user') return reading.say(at, { type: 'prompt', ...copied, images: 0 });
  const { element, value } = reading;
  reading.say(at, { type: 'assistant', ...copied, uuid: element.id, model: modelName(value) });
}

function readPrompt(reading: ElementReading, key: string, at: number): void {
  reading.say(at, { type: 'prompt', key, ...noText, images: 0 });
  reading.register('turnEnded', false, at);
}

function readAnswer(reading: ElementReading, key: string, at: number): void {
  const { value, element } = reading;
  const model = modelName(value);
  reading.say(at, { type: 'assistant', key, uuid: element.id, model, ...noText });
  const row = usageRow(value, element.id, at);
  if (row !== undefined) reading.say(at, { type: 'usage', messageKey: key, row });
  if (model !== null) reading.register('model', model, at);
  const folder = asText(asObject(value['path'])?.['cwd']) ?? asText(value['path']);
  if (folder !== undefined) reading.gather('projectPath', previewOf(folder, longestPath).preview, at);
  const finish = asText(value['finish']);
  if (finish !== undefined) reading.register('turnEnded', finish !== 'tool-calls', at);
  readError(reading, asObject(value['error']), at);
}

function readError(reading: ElementReading, error: JsonObject | undefined, at: number): void {
  if (error === undefined) return;
  const name = asText(error['name']) ?? 'error';
  const kind = name === 'MessageAbortedError' ? 'interrupted' : storableName(name);
  const message = previewOf(errorText(error)).preview;
  reading.say(at, { type: 'error', key: `e:${reading.element.id}`, kind, message });
  reading.register('turnEnded', true, at);
}

/** The error's own words, else its name. */
export function errorText(error: JsonObject): string {
  const words = asText(asObject(error['data'])?.['message']) ?? asText(error['message']);
  return words ?? asText(error['name']) ?? 'error';
}
