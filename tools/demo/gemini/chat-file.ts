import { appendFileSync, renameSync, writeFileSync } from 'node:fs';

export interface ChatMessage {
  readonly id: string;
  readonly timestamp: string;
  readonly type: 'user' | 'gemini';
  readonly [field: string]: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

export interface ChatFile {
  /** A message; one that bears the id of another takes its place. */
  write(message: ChatMessage): void;
  /** Fields of the chat itself. */
  set(fields: Fields): void;
}

/** Newer versions append a line for whatever changes. */
export function chatLines(path: string, metadata: Fields): ChatFile {
  const append = (fields: Fields) => appendFileSync(path, `${JSON.stringify(fields)}\n`);
  append(metadata);
  return { write: append, set: (fields) => append({ $set: fields }) };
}

/** Earlier ones write the whole document anew each time. */
export function chatDocument(path: string, metadata: Fields): ChatFile {
  let chat = metadata;
  const messages = new Map<string, ChatMessage>();
  const save = () => {
    writeFileSync(`${path}.new`, JSON.stringify({ ...chat, messages: [...messages.values()] }, null, 2));
    renameSync(`${path}.new`, path);
  };
  return {
    write: (message) => {
      messages.set(message.id, message);
      chat = { ...chat, lastUpdated: message.timestamp };
      save();
    },
    set: (fields) => {
      chat = { ...chat, ...fields };
      save();
    },
  };
}
