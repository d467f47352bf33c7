import { stableHash } from '@telltale/contracts';
import type { Observation, Place, SessionRegisters } from '../../observation';
import { parseInstant } from '../reading/instant';
import { RecordReading } from '../reading/record-reading';
import type { Said } from '../reading/said';
import { storableId } from '../reading/text';
import { asText, type JsonObject } from '../reading/values';
import type { GeminiChat } from './chat-file';
import type { GeminiState } from './state';

interface Origin {
  readonly record: JsonObject;
  /** Of an element: its name. */
  readonly name: string | undefined;
  readonly place: Place;
  readonly draft: GeminiState;
  readonly chat: GeminiChat | undefined;
}

/** Ids that no other chat has; early versions and exports number their messages instead. */
const globalId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** One record being read: knows whose it is and when it was. */
export class ChatReading extends RecordReading {
  readonly record: JsonObject;
  readonly draft: GeminiState;
  /** Epoch ms: the record's time, else that of the message before it. */
  readonly at: number;

  constructor(
    readonly origin: Origin,
    sink: Observation[],
  ) {
    super(sessionOf(origin), origin.place, sink);
    this.record = origin.record;
    this.draft = origin.draft;
    this.at = timeOf(origin.record) ?? origin.draft.at;
  }

  say(said: Said, at = this.at): void {
    this.sayAt(at, said);
  }

  register(registers: SessionRegisters): void {
    this.say({ type: 'registers', registers });
  }

  stamp<T>(value: T): { value: T; at: number; offset: number } {
    return { value, at: this.at, offset: this.place.offset };
  }

  /** Names the message in every copy of the chat. */
  get messageId(): string {
    return messageIdOf(this.record, this.origin.name, this.sessionId);
  }
}

/** The one the record names holds from here on; before any is named, the file's name. */
function sessionOf({ record, draft, chat }: Origin): string {
  const named = asText(record['sessionId']);
  if (named !== undefined) draft.sessionId = storableId(named);
  return draft.sessionId ?? storableId(chat?.name ?? 'gemini');
}

function messageIdOf(record: JsonObject, name: string | undefined, sessionId: string): string {
  const id = asText(record['id']);
  if (id !== undefined && globalId.test(id)) return id;
  const local =
    id ??
    name?.slice(name.indexOf('/') + 1) ??
    `~${stableHash(JSON.stringify(record['timestamp'] ?? record))}`;
  return storableId(`${sessionId}/${local}`);
}

/** `ts` of early exports is in seconds. */
function timeOf(record: JsonObject): number | undefined {
  const seconds = record['ts'];
  return (
    parseInstant(record['timestamp']) ??
    (typeof seconds === 'number' ? parseInstant(seconds * 1000) : undefined)
  );
}
