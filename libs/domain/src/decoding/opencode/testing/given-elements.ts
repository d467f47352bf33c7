import type { ObservationOf, Observation } from '../../../observation';
import { viewOf, type SessionView } from '../../../projecting';
import { decodeSource, MemoryReadModel, openCodeId, type SourceFile } from '../../../testing';
import { openCodeDecoder } from '../decoder';

const root = '/home/dev/.local/share/opencode';
export const started = Date.UTC(2026, 2, 1, 9);
export const sessionId = openCodeId('ses', started, { counter: 1, seed: 'a' });
export const messageId = openCodeId('msg', started + 1000, { counter: 1, seed: 'b' });
export const partId = openCodeId('prt', started + 2000, { counter: 1, seed: 'c' });

function file(path: string, fact: SourceFile['fact'], values: readonly unknown[]): SourceFile {
  const lines = values.map((value) => JSON.stringify(value));
  return { source: 'opencode', host: 'atlas', root, path: `${root}/${path}`, fact, lines };
}

/** A document of the JSON store. */
export const document = (path: string, value: unknown) =>
  file(`storage/${path}.json`, 'file.appended', [value]);

/** Rows of the SQLite store. */
export const rows = (...lines: readonly unknown[]) => file(`opencode.db#${sessionId}`, 'rows.changed', lines);

/** Of the one session there is. */
export const session = (fields: object) =>
  document(`session/p/${sessionId}`, {
    id: sessionId,
    time: { created: started, updated: started + 5000 },
    ...fields,
  });
export const message = (fields: object, id = messageId) =>
  document(`message/${sessionId}/${id}`, {
    id,
    sessionID: sessionId,
    time: { created: started + 1000 },
    ...fields,
  });
export const part = (fields: object, id = partId) =>
  document(`part/${messageId}/${id}`, { id, messageID: messageId, sessionID: sessionId, ...fields });

/** What the files tell of one kind. */
export function told<T extends Observation['type']>(
  type: T,
  ...files: readonly SourceFile[]
): ObservationOf<T>[] {
  const all = files.flatMap((one) => decodeSource(openCodeDecoder, one).observations);
  return all.filter((one): one is ObservationOf<T> => one.type === type);
}

function modelAfter(files: readonly SourceFile[]): MemoryReadModel {
  const model = new MemoryReadModel();
  for (const one of files) model.apply(decodeSource(openCodeDecoder, one).observations, 'opencode');
  return model;
}

/** The session that is shown when these files were read in this order. */
export function shownAfter(...files: readonly SourceFile[]): SessionView {
  const [state] = modelAfter(files).sessions.values();
  if (state === undefined) throw new Error('no session is told of');
  return viewOf(state, started + 10_000);
}

export const itemsAfter = (...files: readonly SourceFile[]) => [...modelAfter(files).items.values()];
