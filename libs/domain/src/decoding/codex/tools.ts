import { previewBytes } from '../../observation';
import { jsonStart } from '../reading/json-text';
import { previewOf, storableName } from '../reading/text';
import { asObject, asText, type JsonObject } from '../reading/values';
import { callKey, toolName } from './keys';
import type { LineReading } from './line-reading';
import { planOfCall } from './plan';
import { toolStep } from './steps';

/** Calls that name no tool. */
const namesByType: { readonly [type: string]: string } = {
  web_search_call: 'web_search',
  local_shell_call: 'local_shell',
  image_generation_call: 'image_generation',
};

/**
 * A call of a tool. The look-up of tools that are not loaded (`tool_search_call`) is none, and what MCP servers and
 * patches report besides tells of a call that stands here.
 */
export function readCall(reading: LineReading): void {
  const { payload } = reading;
  const name = storableName(nameOf(payload));
  const raw = rawInput(payload);
  const input = inputOf(payload);
  const key = callKey(reading, payload, typeof raw === 'string' ? raw : jsonStart(raw, previewBytes));
  const preview = previewOf(typeof raw === 'string' ? raw : jsonStart(raw, previewBytes)).preview;
  reading.say({ type: 'tool-use', key, name, input: preview, model: reading.state.get('model') });
  planOfCall(reading, name, input);
  const told = reading.state.get('told')['projectPath'];
  const cwd = asText(input['workdir']) ?? asText(told) ?? '';
  reading.registerChange('currentStep', toolStep(name, { ...input, ...namespaceOf(payload) }, cwd));
  reading.registerChange('turnEnded', false);
}

function nameOf(payload: JsonObject): string {
  return toolName(payload) ?? namesByType[asText(payload['type']) ?? ''] ?? 'unknown';
}

function namespaceOf(payload: JsonObject): JsonObject {
  const namespace = asText(payload['namespace']);
  return namespace === undefined ? {} : { namespace };
}

/** As it was written: mostly a text that holds JSON. */
export function rawInput(payload: JsonObject): unknown {
  return payload['arguments'] ?? payload['input'] ?? payload['action'] ?? {};
}

/** Arguments as an object; a text that is none as `input`. */
function inputOf(payload: JsonObject): JsonObject {
  const raw = rawInput(payload);
  if (typeof raw !== 'string') return asObject(raw) ?? {};
  try {
    const parsed = asObject(JSON.parse(raw));
    if (parsed !== undefined) return parsed;
  } catch {
    // a custom tool's free text
  }
  return { input: raw };
}
