import type { LineOutcome } from '../decoder';
import type { Observation } from '../../observation';
import { parseLine } from './parse-line';
import { previewOf } from './text';
import type { JsonObject } from './values';

const ok: LineOutcome = { ok: true };

/** Why a record cannot be read, for the quarantine; undefined where it was. */
export type Problem = string | undefined;

/**
 * Decodes a line that should be a JSON object; a blank one says nothing. `read` pushes what the record says into
 * `sink`, and keeps what it remembers only once it has said all: of a record that fails nothing stays. Never throws.
 */
export function decodeRecord(
  line: string,
  sink: Observation[],
  read: (record: JsonObject) => Problem,
): LineOutcome {
  const parsed = parseLine(line);
  if (parsed.kind === 'blank') return ok;
  if (parsed.kind === 'broken') return { ok: false, reason: parsed.reason };
  return decodeWith(sink, () => read(parsed.record));
}

/** The same for lines of another form: `read` parses them itself. */
export function decodeWith(sink: Observation[], read: () => Problem): LineOutcome {
  const { length } = sink;
  const reason = tried(read);
  if (reason === undefined) return ok;
  sink.length = length;
  return { ok: false, reason };
}

function tried(read: () => Problem): Problem {
  try {
    return read();
  } catch (error) {
    // A fault of ours must not stop a partition: the line goes to quarantine, and is read again after an upgrade.
    return `decoder fault: ${previewOf(String(error), 200).preview}`;
  }
}
