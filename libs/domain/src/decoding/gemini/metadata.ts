import type { SessionRegisters } from '../../observation';
import { parseInstant } from '../reading/instant';
import { firstLine, storable } from '../reading/text';
import { asList, asText, type JsonObject } from '../reading/values';
import type { ChatReading } from './chat-reading';

const titleLength = 200;

/** The chat's own fields: a first line, the document without its messages, or what `$set` changes of them. */
export function readMetadata(reading: ChatReading): void {
  const { record } = reading;
  const updated = parseInstant(record['lastUpdated']) ?? parseInstant(record['startTime']) ?? reading.at;
  const registers: SessionRegisters = {
    ...titled(reading, updated),
    ...placed(reading, updated),
    ...(reading.origin.chat?.parentId
      ? { parentId: { ...reading.stamp(reading.origin.chat.parentId), at: updated } }
      : {}),
  };
  if (Object.keys(registers).length > 0) reading.register(registers);
  const times = [parseInstant(record['startTime']), parseInstant(record['lastUpdated'])];
  tellActivity(
    reading,
    times.filter((time) => time !== undefined),
  );
}

/** A chat that is only begun holds no message yet, and is none until it does: then its times count. */
function tellActivity(reading: ChatReading, times: readonly number[]): void {
  const { draft } = reading;
  if (draft.at > 0) {
    for (const time of times) reading.say({ type: 'activity' }, time);
    return;
  }
  const all = [...draft.held, ...times];
  if (all.length > 0) draft.held = [Math.min(...all), Math.max(...all)];
}

function titled(reading: ChatReading, at: number): SessionRegisters {
  const title = firstLine(asText(reading.record['summary']) ?? '', titleLength);
  return title === '' ? {} : { summaryTitle: { ...reading.stamp(title), at } };
}

/** The working folder, where the chat names it: the folder of its file is only a hash of it. */
function placed(reading: ChatReading, at: number): SessionRegisters {
  const [folder] = foldersOf(reading.record);
  return folder === undefined ? {} : { projectPath: { ...reading.stamp(storable(folder)), at } };
}

function foldersOf(record: JsonObject): string[] {
  const named = [record['cwd'], record['projectRoot'], ...asList(record['directories'])];
  return named.map(asText).filter((folder) => folder !== undefined);
}
