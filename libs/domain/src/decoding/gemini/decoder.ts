import type { DecoderState, LineOutcome, SourceDecoder } from '../decoder';
import type { FileContext, Observation, Place } from '../../observation';
import { decodeRecord } from '../reading/decode-record';
import { asList, asObject, asText, type JsonObject } from '../reading/values';
import { geminiChat } from './chat-file';
import { fullTextOf } from './full-text';
import { ChatReading } from './chat-reading';
import { messageProblem, readMessage } from './messages';
import { readMetadata } from './metadata';
import { initialGeminiState, stateOf } from './state';

/** Reads the chats of Gemini CLI: elements of whole documents, and the lines of newer versions. */
export const geminiDecoder: SourceDecoder = {
  version: 2,
  initialState: () => initialGeminiState(),
  decodeLine,
  fullText: fullTextOf,
  roleOf: () => 'main',
};

// eslint-disable-next-line @typescript-eslint/max-params -- the interface's own
function decodeLine(
  state: DecoderState,
  line: string,
  file: FileContext,
  place: Place,
  sink: Observation[],
): LineOutcome {
  return decodeRecord(line, sink, (parsed) => {
    const records = recordsOf(parsed, file);
    const problem = records.map(({ record }) => messageProblem(record)).find((found) => found !== undefined);
    if (problem !== undefined) return problem;
    const draft = { ...stateOf(state) };
    const chat = geminiChat(file.root, file.path);
    for (const { record, name } of records)
      readRecord(new ChatReading({ record, name, place, draft, chat }, sink));
    Object.assign(state, draft);
    return undefined;
  });
}

interface ChatRecord {
  readonly record: JsonObject;
  /** Of an element: its name. */
  readonly name: string | undefined;
}

/** What a line holds: an element's value, or a line of the newer format, which may set messages by `$set`. */
function recordsOf(line: JsonObject, file: Pick<FileContext, 'fact'>): ChatRecord[] {
  if (file.fact === 'file.replaced') {
    const record = asObject(line['value']);
    return record === undefined ? [] : [{ record, name: asText(line['element']) }];
  }
  const set = asObject(line['$set']);
  if (set === undefined) return [{ record: line, name: undefined }];
  const { messages, ...rest } = set;
  const replaced = asList(messages).map(asObject);
  return [rest, ...replaced.filter((record) => record !== undefined)].map((record) => ({
    record,
    name: undefined,
  }));
}

/** `$rewindTo` takes messages out of the conversation, but what they cost was spent: they stay counted. */
function readRecord(reading: ChatReading): void {
  const { record } = reading;
  if ('$rewindTo' in record) return;
  if (isMessage(record)) readMessage(reading);
  else readMetadata(reading);
}

function isMessage(record: JsonObject): boolean {
  return typeof record['type'] === 'string' || typeof record['role'] === 'string';
}
