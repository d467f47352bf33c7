import { previewBytes } from '../../observation';
import { parseInstant } from '../reading/instant';
import { jsonStart } from '../reading/json-text';
import { previewOf, storable, storableName } from '../reading/text';
import { asCount, asObject, asText, type JsonObject } from '../reading/values';
import type { ElementReading } from './element-reading';
import { isCopied } from './ids';
import { toolStep } from './steps';
import { tellTodos } from './todos';

/** What an integer column holds. */
const longestMs = 2 ** 31 - 1;

interface Use {
  readonly key: string;
  readonly name: string;
  readonly state: JsonObject;
  /** Epoch ms. */
  readonly at: number;
  readonly start: number | undefined;
  readonly end: number | undefined;
}

/**
 * A use of a tool, known by its part's id: what models call their calls may come again. It is told once its input is
 * whole, and its result once it has ended.
 */
export function readTool(reading: ElementReading): void {
  const use = useIn(reading);
  if (use === undefined) return;
  const { key, name, state, at, start, end } = use;
  const isCopy = isCopied(reading.element.id, reading.element.sessionId, at);
  const input = previewOf(jsonStart(state['input'] ?? {}, previewBytes)).preview;
  const copied = isCopy ? ({ copied: true } as const) : {};
  reading.say(at, { type: 'tool-use', key, name, input, model: null, ...copied });
  if (state['status'] !== 'running') tellResult(reading, use);
  if (isCopy) return;
  reading.active(start, end);
  tellDoing(reading, use);
}

/** Undefined while the model still writes what the tool shall do. */
function useIn({ value, element }: ElementReading): Use | undefined {
  const state = asObject(value['state']);
  const status = asText(state?.['status']);
  if (state === undefined || status === undefined || status === 'pending') return undefined;
  const time = asObject(state['time']);
  const start = parseInstant(time?.['start']);
  return {
    key: toolKey(element.id),
    name: storableName(asText(value['tool']) ?? 'unknown'),
    state,
    at: start ?? element.createdAt ?? 0,
    start,
    end: parseInstant(time?.['end']),
  };
}

/** By the part: the store uses one call's name for many calls. */
export function toolKey(partId: string): string {
  return `t:${partId}`;
}

function tellResult(reading: ElementReading, { key, state, start, end }: Use): void {
  const took = start === undefined || end === undefined ? undefined : asCount(end - start, longestMs);
  reading.say(end ?? 0, {
    type: 'tool-result',
    key,
    isError: state['status'] === 'error',
    preview: previewOf(resultText(state)).preview,
    durationMs: took ?? null,
  });
}

/** What the tool gave back, or why it could not. */
export function resultText(state: JsonObject): string {
  return storable(asText(state['output']) ?? asText(state['error']) ?? '');
}

function tellDoing(reading: ElementReading, { name, state, at }: Use): void {
  const input = asObject(state['input']) ?? {};
  const step = toolStep(name, input);
  if (step !== '') reading.register('currentStep', step, at);
  // At its beginning, whether or not it was seen while it ran: what it tells does not depend on that.
  if (name === 'todowrite') tellTodos(reading, input['todos'], at);
  reading.tellRegisters(at);
}
