import { parseInstant } from '../reading/instant';
import { firstLine, previewOf, storable, storableName } from '../reading/text';
import { asObject, asText, type JsonObject } from '../reading/values';
import type { ElementReading } from './element-reading';
import { errorText, messageKey } from './message';
import { readTool } from './tool';

const stepLength = 160;

/** A part of a message: one of its texts, a tool it used, or something that is noted beside them. */
export function readPart(reading: ElementReading): void {
  const { value, element } = reading;
  switch (value['type']) {
    case 'tool':
      return readTool(reading);
    case 'text':
    case 'subtask':
    case 'file':
      return readText(reading);
    case 'compaction':
      return reading.say(timeOf(reading), { type: 'compaction', key: `c:${element.id}` });
    case 'retry':
      return readRetry(reading);
    default:
      return; // thoughts, steps, snapshots and patches: nothing in them is counted
  }
}

function timeOf({ value, element }: ElementReading): number {
  return parseInstant(asObject(value['time'])?.['start']) ?? element.createdAt ?? 0;
}

/** Its message is told of by a record of its own, which knows whose it is. */
function readText(reading: ElementReading): void {
  const { value, element } = reading;
  const text = partText(value);
  if (text === '' || element.messageId === '') return;
  const time = asObject(value['time']);
  const isWriting = time?.['start'] !== undefined && time['end'] === undefined;
  // A text that is still being written gives way to the whole one: of two versions the earlier stands.
  const at = timeOf(reading) + Number(isWriting);
  reading.say(at, {
    type: 'assistant',
    key: messageKey(element.messageId),
    uuid: element.id,
    model: null,
    ...previewOf(text),
    used: false,
  });
  // What a person wrote has no beginning and end.
  const end = parseInstant(time?.['end']) ?? parseInstant(time?.['start']);
  const step = firstLine(text, stepLength);
  if (end === undefined || step === '') return;
  reading.register('currentStep', step, end);
  reading.tellRegisters(end);
}

/** What a part says in its message's name; '' where it says nothing, or where the tool wrote it in the user's name. */
export function partText(part: JsonObject): string {
  if (part['synthetic'] === true || part['ignored'] === true) return '';
  switch (part['type']) {
    case 'text':
      return storable(asText(part['text']) ?? '');
    case 'subtask':
      return storable(subtaskText(part));
    case 'file':
      return fileText(part);
    default:
      return '';
  }
}

/** A command that is given to a subagent. */
function subtaskText(part: JsonObject): string {
  const command = asText(part['command']);
  const words = asText(part['description']) ?? asText(part['prompt']) ?? '';
  return command === undefined ? words : `/${command} ${words}`.trimEnd();
}

/** Pictures are named; other files the text names itself. */
function fileText(part: JsonObject): string {
  if (!asText(part['mime'])?.startsWith('image/')) return '';
  return `[${storableName(asText(part['filename']) ?? 'image')}]`;
}

function readRetry(reading: ElementReading): void {
  const { value, element } = reading;
  const error = asObject(value['error']);
  const at = parseInstant(asObject(value['time'])?.['created']) ?? element.createdAt ?? 0;
  const kind = storableName(asText(error?.['name']) ?? 'retry');
  const message = previewOf(errorText(error ?? {})).preview;
  reading.say(at, { type: 'error', key: `e:${element.id}`, kind, message });
}
