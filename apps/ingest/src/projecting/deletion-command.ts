import {
  sessionDeletedLineSchema,
  type FactAttributes,
  type FactSubject,
  type SessionDeletedLine,
} from '@telltale/contracts';
import type { FactMessage } from '@telltale/platform';
import { entomb, entombSome, type FileState } from './file-state';

interface DeletionFact {
  readonly message: FactMessage;
  readonly subject: FactSubject;
  readonly attributes: FactAttributes;
}

/**
 * A session is to be gone. Only the gateway may say so, on subjects of its own: the command is given back. On a file's
 * subject the fact says that earlier ones go, and nothing of what they told stays in the file's state.
 */
export function applyDeletion(
  { message, subject, attributes }: DeletionFact,
  state: FileState,
): SessionDeletedLine | 'unreadable' | undefined {
  const line = parsedLine(message.body);
  if (attributes.scope === 'shared') entombSome(state, message.sequence, line?.sessions ?? []);
  else entomb(state, message.sequence);
  const isCommand = subject.source === 'push' && attributes.scope === undefined;
  return isCommand ? (line ?? 'unreadable') : undefined;
}

function parsedLine(body: Uint8Array): SessionDeletedLine | undefined {
  const parsed = sessionDeletedLineSchema.safeParse(parsedJson(Buffer.from(body).toString('utf8')));
  return parsed.success ? parsed.data : undefined;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema refuses it
  }
}
