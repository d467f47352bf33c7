import type { PushedMessageLine } from '@telltale/contracts';
import { tokensOf } from '../../counting';
import { previewBytes } from '../../observation';
import { jsonStart } from '../reading/json-text';
import { firstLine, previewOf, shortened, storable, storableId, storableName } from '../reading/text';
import { messageKey, promptKey, toolKey } from './keys';
import type { PushReading } from './push-reading';

const titleLength = 200;
const stepLength = 160;
const unknownModel = 'unknown';
/** What an integer column holds. */
const longestMs = 2 ** 31 - 1;

/** A message of a user, an assistant or a tool, with what it used and called. */
export function readMessage(reading: PushReading, line: PushedMessageLine): void {
  reading.state = { ...reading.state, ended: null };
  reading.say({ type: 'activity' });
  const model = line.model === undefined ? reading.state.model : storableName(line.model);
  if (line.role === 'user') readPrompt(reading, line);
  if (line.role === 'assistant') readAnswer(reading, line, model);
  if (line.usage !== undefined) readUsage(reading, line, model);
  if (line.tool !== undefined) readTool(reading, { ...line, tool: line.tool }, model);
  if (model !== null && line.role === 'assistant') reading.registerChange('model', model);
  reading.registerChange('turnEnded', line.role === 'assistant' && line.tool === undefined);
}

function readPrompt(reading: PushReading, { id, text }: PushedMessageLine): void {
  reading.say({ type: 'prompt', key: promptKey(reading.sessionId, id), ...previewOf(text), images: 0 });
  const title = firstLine(text, titleLength);
  if (title !== '') reading.registerOnce('firstPrompt', title);
}

function readAnswer(reading: PushReading, { id, text }: PushedMessageLine, model: string | null): void {
  const key = messageKey(reading.sessionId, id);
  reading.say({ type: 'assistant', key, uuid: storableId(id), model, ...previewOf(text) });
  const step = firstLine(text, stepLength);
  if (step !== '') reading.registerChange('currentStep', step);
}

function readUsage(reading: PushReading, { id, usage }: PushedMessageLine, model: string | null): void {
  if (usage === undefined) return;
  const row = {
    requestId: null,
    sidechain: false,
    uuid: storableId(id),
    agentId: null,
    model: model ?? unknownModel,
    speed: null,
    at: reading.at,
    tokens: tokensOf({ ...usage, reasoning: Math.min(usage.reasoning, usage.output) }),
    webSearches: 0,
  };
  reading.say({ type: 'usage', messageKey: messageKey(reading.sessionId, id), row });
}

type ToolLine = PushedMessageLine & { readonly tool: NonNullable<PushedMessageLine['tool']> };

function readTool(reading: PushReading, line: ToolLine, model: string | null): void {
  const { tool } = line;
  const key = toolKey(reading.sessionId, line.id, tool.id);
  const name = storableName(tool.name);
  reading.say({ type: 'tool-use', key, name, input: inputPreview(tool.input), model });
  if (hasResult(line)) {
    reading.say({
      type: 'tool-result',
      key,
      isError: tool.isError === true,
      preview: previewOf(resultText(line) ?? '').preview,
      durationMs: tool.durationMs === undefined ? null : Math.min(Math.trunc(tool.durationMs), longestMs),
    });
  }
  reading.registerChange('currentStep', shortened(`Using ${name}`, stepLength));
}

/** A message of a tool is what it answered; other messages may say it along with the call. */
function hasResult({ role, tool }: ToolLine): boolean {
  return role === 'tool' || [tool.result, tool.isError, tool.durationMs].some((value) => value !== undefined);
}

function inputPreview(input: unknown): string {
  if (input === undefined) return '';
  const text = typeof input === 'string' ? input : jsonStart(input, previewBytes);
  return previewOf(text).preview;
}

/** What the call gave, else what the tool's message says. Undefined where neither stands there. */
export function resultOf({ role, text, tool }: PushedMessageLine): unknown {
  return tool?.result ?? (role === 'tool' ? text : undefined);
}

function resultText(line: PushedMessageLine): string | undefined {
  const result = resultOf(line);
  if (result === undefined || typeof result === 'string') return result;
  return storable(jsonStart(result, previewBytes));
}
