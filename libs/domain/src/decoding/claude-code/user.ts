import { previewOf, firstLine } from '../reading/text';
import { asCount, asObject, type JsonObject } from '../reading/values';
import { agentAtWork, agentOfResult } from './agents';
import { blocksOf, isToolResult, resultText, textOf } from './content';
import { resultKey } from './keys';
import type { LineReading } from './line-reading';
import { objectivesOfResult } from './objectives';
import { tellPermissionMode } from './phase';
import { interruption, isTypedPrompt, promptTitle } from './prompts';

const titleLength = 200;
/** What an integer column holds. */
const longestMs = 2 ** 31 - 1;

/** A user record: a prompt, results of tools, an interruption, or something the tool wrote in the user's name. */
export function readUser(reading: LineReading): void {
  const { record } = reading;
  const { agentId } = reading.origin;
  if (agentId !== null) agentAtWork(reading, agentId, 'running');
  tellPermissionMode(reading, record['permissionMode']);
  const blocks = blocksOf(asObject(record['message']));
  const results = blocks.filter(isToolResult);
  for (const block of results) readResult(reading, block, results.length === 1);
  if (results.length > 0) return;
  const text = textOf(blocks);
  if (text.startsWith(interruption)) return readInterruption(reading, text);
  if (isTypedPrompt(reading)) readPrompt(reading, blocks, text);
}

function readPrompt(reading: LineReading, blocks: readonly JsonObject[], text: string): void {
  const images = blocks.filter((block) => block['type'] === 'image').length;
  reading.say({ type: 'prompt', key: `p:${reading.uuid}`, ...previewOf(text), images });
  const title = firstLine(promptTitle(blocks), titleLength);
  if (title !== '') reading.registerOnce('firstPrompt', title);
  reading.registerChange('turnEnded', false);
}

function readInterruption(reading: LineReading, text: string): void {
  reading.say({
    type: 'error',
    key: `e:${reading.uuid}`,
    kind: 'interrupted',
    message: previewOf(text).preview,
  });
  if (reading.isMain) reading.registerChange('turnEnded', true);
}

function readResult(reading: LineReading, block: JsonObject, isOnly: boolean): void {
  const key = resultKey(block, reading.record, reading.uuid);
  const text = resultText(block['content']);
  const isError = block['is_error'] === true;
  // What the record says of its result beside the block belongs to one result only.
  const durationMs = isOnly ? statedDuration(reading.record['toolUseResult']) : null;
  reading.say({ type: 'tool-result', key, isError, preview: previewOf(text).preview, durationMs });
  const toolUseId = key.slice(2);
  objectivesOfResult(reading, toolUseId, text);
  if (isOnly) agentOfResult(reading, toolUseId, isError);
}

function statedDuration(result: unknown): number | null {
  const stated = asObject(result);
  const ms = asCount(stated?.['totalDurationMs'], longestMs) ?? asCount(stated?.['durationMs'], longestMs);
  if (ms !== undefined) return ms;
  const seconds = stated?.['durationSeconds'];
  return typeof seconds === 'number' ? (asCount(seconds * 1000, longestMs) ?? null) : null;
}
