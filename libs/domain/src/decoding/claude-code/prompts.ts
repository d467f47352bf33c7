import { asObject, asText, type JsonObject } from '../reading/values';
import { blocksOf, isToolResult, textOf } from './content';
import type { LineReading } from './line-reading';

/** What the tool writes in the user's name. */
const notTyped = [
  '<command-name>',
  '<command-message>',
  '<local-command-',
  '<bash-',
  '<task-notification>',
  '[Request interrupted by user',
];

export const interruption = '[Request interrupted by user';

/** A prompt that a person typed, by the definition in the format notes. */
export function isTypedPrompt(reading: LineReading): boolean {
  const { record } = reading;
  if (reading.origin.sidechain || reading.origin.agentId !== null) return false;
  if (record['isMeta'] === true || record['isCompactSummary'] === true || !isFromPerson(record)) return false;
  const message = asObject(record['message']);
  const content = message?.['content'];
  if (typeof content !== 'string' && !Array.isArray(content)) return false;
  const blocks = blocksOf(message);
  if (blocks.some(isToolResult)) return false;
  const text = textOf(blocks);
  return !notTyped.some((start) => text.startsWith(start));
}

function isFromPerson(record: JsonObject): boolean {
  const kind = asObject(record['origin'])?.['kind'];
  return kind === undefined || kind === null || kind === 'human';
}

/** The words of a prompt for a title: without what an editor or the tool put before them. */
export function promptTitle(blocks: readonly JsonObject[]): string {
  const texts = blocks
    .filter((block) => block['type'] === 'text')
    .map((block) => asText(block['text'])?.trimStart());
  return texts.find((text) => text !== undefined && !/^<(?:ide_|system-reminder)/.test(text)) ?? '';
}
