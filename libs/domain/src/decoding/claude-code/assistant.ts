import { syntheticModel } from '../../pricing';
import { jsonStart } from '../reading/json-text';
import { previewOf, storable, storableName } from '../reading/text';
import { asObject, asText, type JsonObject } from '../reading/values';
import { previewBytes } from '../../observation';
import { agentAtWork, agentOfUse } from './agents';
import { blocksOf, textOf } from './content';
import { messageKey, toolUses } from './keys';
import type { LineReading } from './line-reading';
import { objectivesOfText, objectivesOfUse } from './objectives';
import { textStep } from '../reading/step-sentences';
import { toolStep } from './steps';
import { usageRow } from './usage';

/**
 * An assistant record: one or more blocks of a message, its usage (repeated on each of the message's lines) and
 * its tool uses. Errors of the API and messages the tool wrote itself are errors, not messages, and count nothing.
 */
export function readAssistant(reading: LineReading): void {
  const message = asObject(reading.record['message']);
  if (message === undefined) return;
  const blocks = blocksOf(message);
  if (isError(reading.record, message)) return readError(reading, textOf(blocks));
  const key = messageKey(message, reading.uuid);
  const model = asText(message['model']);
  const named = model === undefined ? null : storableName(model);
  const text = textOf(blocks);
  reading.say({ type: 'assistant', key, uuid: reading.uuid, model: named, ...previewOf(text) });
  const row = usageRow(reading, message);
  if (row !== undefined) reading.say({ type: 'usage', messageKey: key, row });
  if (text !== '') objectivesOfText(reading, text);
  const step = readToolUses(reading, blocks, named) ?? textStep(text);
  tellProgress(reading, { step, ended: message['stop_reason'] === 'end_turn', model: named });
}

function isError(record: JsonObject, message: JsonObject): boolean {
  return record['isApiErrorMessage'] === true || message['model'] === syntheticModel;
}

function readError(reading: LineReading, text: string): void {
  const { record, uuid } = reading;
  const kind = asText(record['error']) ?? (record['isApiErrorMessage'] === true ? 'api_error' : 'synthetic');
  reading.say({
    type: 'error',
    key: `e:${uuid}`,
    kind: storableName(kind),
    message: previewOf(text).preview,
  });
}

/** Says each use; gives back what the last one does in words. */
function readToolUses(
  reading: LineReading,
  blocks: readonly JsonObject[],
  model: string | null,
): string | undefined {
  let step: string | undefined;
  for (const { key, use } of toolUses(blocks, reading.uuid)) {
    const name = storableName(asText(use['name']) ?? 'unknown');
    const input = asObject(use['input']) ?? {};
    const preview = previewOf(jsonStart(use['input'] ?? {}, previewBytes)).preview;
    reading.say({ type: 'tool-use', key, name, input: preview, model });
    const toolUseId = key.slice(2);
    objectivesOfUse(reading, toolUseId, name, input);
    agentOfUse(reading, toolUseId, name, input);
    if (reading.isMain) step = toolStep(name, input, workingFolder(reading));
  }
  return step;
}

function workingFolder(reading: LineReading): string {
  return asText(reading.record['cwd']) ?? '';
}

interface Progress {
  readonly step: string;
  readonly ended: boolean;
  readonly model: string | null;
}

function tellProgress(reading: LineReading, { step, ended, model }: Progress): void {
  const { agentId } = reading.origin;
  if (agentId !== null) agentAtWork(reading, agentId, ended ? 'completed' : 'running');
  if (!reading.isMain) return;
  if (step !== '') reading.registerChange('currentStep', storable(step));
  reading.registerChange('turnEnded', ended);
  if (model !== null) reading.registerChange('model', model);
}
