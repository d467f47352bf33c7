import { tokensOf } from '../../counting';
import type { Tokens } from '@telltale/contracts';
import { firstLine, previewOf, storableName } from '../reading/text';
import { asCount, asList, asObject, asText, type JsonObject } from '../reading/values';
import type { ChatReading } from './chat-reading';
import { contentText, imagesIn } from './content';
import { readToolCalls } from './tool-calls';

const titleLength = 200;
/** No request holds a billion tokens. */
const mostTokens = 1e9;
const tokenFields = ['input', 'output', 'cached', 'thoughts', 'tool'] as const;

/** Why a record cannot be counted; undefined where it can. */
export function messageProblem(record: JsonObject): string | undefined {
  const tokens = asObject(record['tokens']);
  for (const field of tokens === undefined ? [] : tokenFields) {
    const figure = tokens?.[field];
    if (typeof figure === 'number' && asCount(figure, mostTokens) !== figure)
      return `tokens.${field} is ${String(figure)}`;
  }
  return undefined;
}

/** A message of the user, of the model, or an error; other kinds say only that time passes. */
export function readMessage(reading: ChatReading): void {
  const { record, draft } = reading;
  if (reading.at === 0) return; // a message without any time is nothing that can be shown in its place
  draft.at = reading.at;
  reading.say({ type: 'activity' });
  for (const held of draft.held) reading.say({ type: 'activity' }, held);
  draft.held = [];
  const kind = asText(record['type']) ?? asText(record['role']);
  if (kind === 'user') return readPrompt(reading);
  if (kind === 'gemini' || kind === 'model') return readAnswer(reading);
  if (kind === 'error') return readError(reading);
}

function readPrompt(reading: ChatReading): void {
  const { record, draft } = reading;
  const content = contentOf(record);
  const text = contentText(content);
  reading.say({
    type: 'prompt',
    key: `p:${reading.messageId}`,
    ...previewOf(text),
    images: imagesIn(content),
  });
  const title = firstLine(text, titleLength);
  const isFirst = !draft.prompted && title !== '';
  if (isFirst) draft.prompted = true;
  reading.register({
    turnEnded: reading.stamp(false),
    ...(isFirst ? { firstPrompt: reading.stamp(title) } : {}),
  });
}

function readAnswer(reading: ChatReading): void {
  const { record, draft } = reading;
  const id = reading.messageId;
  const named = asText(record['model']);
  const model = named === undefined ? draft.model : storableName(named);
  draft.model = model;
  const text = contentText(contentOf(record));
  reading.say({ type: 'assistant', key: `m:${id}`, uuid: id, model, ...previewOf(text) });
  const tokens = tokensOfMessage(record);
  if (tokens !== undefined) {
    reading.say({
      type: 'usage',
      messageKey: `m:${id}`,
      row: {
        requestId: null,
        sidechain: false,
        uuid: id,
        agentId: null,
        model: model ?? 'unknown',
        speed: null,
        at: reading.at,
        tokens,
        webSearches: 0,
      },
    });
  }
  const step = readToolCalls(reading, model) ?? firstLine(text, titleLength);
  reading.register({
    turnEnded: reading.stamp(asList(record['toolCalls']).length === 0),
    ...(model === null ? {} : { model: reading.stamp(model) }),
    ...(step === '' ? {} : { currentStep: reading.stamp(step) }),
  });
}

function readError(reading: ChatReading): void {
  const message = previewOf(contentText(contentOf(reading.record))).preview;
  reading.say({ type: 'error', key: `e:${reading.messageId}`, kind: 'error', message });
}

/** What a message says, wherever its version puts it. */
export function contentOf(record: JsonObject): unknown {
  return record['content'] ?? record['parts'];
}

/** `cached` is part of `input`; thoughts are paid as output, what tools put in as input. */
function tokensOfMessage(record: JsonObject): Tokens | undefined {
  const tokens = asObject(record['tokens']);
  if (tokens === undefined) return undefined;
  const [input, output, cached, thoughts, tool] = tokenFields.map(
    (field) => asCount(tokens[field], mostTokens) ?? 0,
  );
  const cacheRead = Math.min(cached ?? 0, input ?? 0);
  return tokensOf({
    input: (input ?? 0) - cacheRead + (tool ?? 0),
    output: (output ?? 0) + (thoughts ?? 0),
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    cacheRead,
    reasoning: thoughts ?? 0,
  });
}
