import { firstLine, previewOf, storableName } from '../reading/text';
import { asText, type JsonObject } from '../reading/values';
import { contentText, imageCount } from './content';
import { contentKey, promptKey } from './keys';
import type { LineReading } from './line-reading';
import { isTypedText, promptTitle } from './prompts';
import { textStep } from './steps';

const titleLength = 200;
const otherKinds: readonly unknown[] = ['environment_context', 'user_instructions'];

/** The text of a message event, item or bare response item. */
export function messageText(payload: JsonObject): string {
  return asText(payload['message']) ?? asText(payload['text']) ?? contentText(payload['content']);
}

/** What a person typed, or for a subagent what its parent asked. `kind` is stated by older versions. */
export function readUserMessage(reading: LineReading, payload: JsonObject, form: 'p' | 'P'): void {
  const text = messageText(payload);
  if (otherKinds.includes(payload['kind']) || !isTypedText(text)) return;
  const key = `p:${promptKey(reading, form, text)}`;
  reading.say({ type: 'prompt', key, ...previewOf(text), images: imageCount(payload) });
  const title = firstLine(promptTitle(text), titleLength);
  if (title !== '') reading.registerOnce('firstPrompt', title);
  reading.registerChange('turnEnded', false);
  reading.state.set('message', null);
}

/** What the agent says: a message, and what the session is at. `form`: event or item, each counted by itself. */
export function readAgentMessage(reading: LineReading, payload: JsonObject, form: 'm' | 'M'): void {
  const text = messageText(payload);
  const key = `m:${contentKey(reading, form, text)}`;
  const model = reading.state.get('model');
  reading.say({ type: 'assistant', key, uuid: key, model, ...previewOf(text) });
  reading.state.set('message', key);
  const step = textStep(text);
  if (step !== '') reading.registerChange('currentStep', step);
  reading.registerChange('turnEnded', false);
}

/** A response item: told by events too, but for lines of the oldest versions. */
export function readMessageItem(reading: LineReading): void {
  const { payload, record } = reading;
  if (!record.bare) return;
  noteModel(reading, payload['model']);
  if (payload['role'] === 'user') readUserMessage(reading, payload, 'p');
  if (payload['role'] === 'assistant') readAgentMessage(reading, payload, 'm');
}

/** The model from here on, where the record names one. */
export function noteModel(reading: LineReading, model: unknown): void {
  const named = asText(model);
  if (named === undefined) return;
  const name = storableName(named);
  reading.state.set('model', name);
  reading.registerChange('model', name);
}
