import type { DecoderState, LineOutcome, SourceDecoder } from '../decoder';
import type { FileContext, Observation, Place } from '../observation';
import { previewOf, storableId } from '../reading/text';
import { documentElement } from './document';
import { parseJson, type Element, type ParsedElement } from './element';
import { ElementReading } from './element-reading';
import { fullTextOf } from './full-text';
import { readMessage } from './message';
import { readPart } from './part';
import { rowElement } from './row';
import { readSession } from './session';
import { openCodeFile } from './store-path';
import { readTodos } from './todos';
import { usageProblem } from './usage';

const ok: LineOutcome = { ok: true };

/**
 * Reads OpenCode's sessions, messages, parts and todos: the documents of its JSON store and the rows of its SQLite
 * store alike. Each stands for itself, so nothing is remembered from line to line.
 */
export const openCodeDecoder: SourceDecoder = {
  version: 1,
  initialState: () => ({}),
  decodeLine,
  fullText: fullTextOf,
  roleOf({ root, path }) {
    const { kind } = openCodeFile(root, path);
    // A session is made of thousands of small files: only the one that bears its name is listed.
    return kind === 'session' || kind === 'rows' ? 'main' : '';
  },
  sessionOf({ root, path }) {
    const file = openCodeFile(root, path);
    return 'sessionId' in file && file.sessionId !== '' ? storableId(file.sessionId) : undefined;
  },
};

// eslint-disable-next-line @typescript-eslint/max-params -- the interface's own
function decodeLine(
  _state: DecoderState,
  line: string,
  file: FileContext,
  place: Place,
  sink: Observation[],
): LineOutcome {
  const parsed = parseElement(line, file);
  if (parsed.kind === 'nothing') return ok;
  if (parsed.kind === 'broken') return { ok: false, reason: parsed.reason };
  const { element } = parsed;
  const problem = element.kind === 'message' ? usageProblem(element.value) : undefined;
  if (problem !== undefined) return { ok: false, reason: problem };
  const said: Observation[] = [];
  try {
    readElement(element, new ElementReading(element, place, said));
  } catch (error) {
    // A fault of ours must not stop a partition: the line goes to quarantine, and is read again after an upgrade.
    return { ok: false, reason: `decoder fault: ${previewOf(String(error), 200).preview}` };
  }
  sink.push(...said);
  return ok;
}

function parseElement(line: string, file: FileContext): ParsedElement {
  const parsed = parseJson(line);
  if (parsed.kind !== 'value') return parsed;
  return file.fact === 'rows.changed' ? rowElement(parsed.value) : documentElement(parsed.value, file);
}

function readElement({ kind }: Element, reading: ElementReading): void {
  switch (kind) {
    case 'session':
      return readSession(reading);
    case 'message':
      return readMessage(reading);
    case 'part':
      return readPart(reading);
    case 'todo':
      return readTodos(reading);
  }
}
