import type { DecoderState, LineOutcome, SourceDecoder } from '../decoder';
import type { FileContext, Observation, Place } from '../../observation';
import { decodeWith } from '../reading/decode-record';
import { parseJson } from '../reading/parse-json';
import { storableId } from '../reading/text';
import { documentElement } from './document';
import { nothing, type Element, type ParsedElement } from './element';
import { ElementReading } from './element-reading';
import { fullTextOf } from './full-text';
import { readMessage } from './message';
import { readPart } from './part';
import { rowElement } from './row';
import { readSession } from './session';
import { openCodeFile } from './store-path';
import { readTodos } from './todos';
import { usageProblem } from './usage';

/**
 * Reads OpenCode's sessions, messages, parts and todos: the documents of its JSON store and the rows of its SQLite
 * store alike. Each stands for itself, so nothing is remembered from line to line.
 */
export const openCodeDecoder: SourceDecoder = {
  version: 1,
  hasStrays: true,
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
  return decodeWith(sink, () => {
    const parsed = parseElement(line, file);
    if (parsed.kind === 'nothing') return undefined;
    if (parsed.kind === 'broken') return parsed.reason;
    const { element } = parsed;
    const problem = element.kind === 'message' ? usageProblem(element.value) : undefined;
    if (problem === undefined) readElement(element, new ElementReading(element, place, sink));
    return problem;
  });
}

function parseElement(line: string, file: FileContext): ParsedElement {
  const parsed = parseJson(line);
  if (parsed.kind === 'blank') return nothing;
  if (parsed.kind === 'broken') return parsed;
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
