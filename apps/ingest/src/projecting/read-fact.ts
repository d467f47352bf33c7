import {
  parseFactHeaders,
  parseFactSubject,
  subjectToken,
  type FactAttributes,
  type FactKind,
  type FactSubject,
} from '@telltale/contracts';
import type { FileFact, SourceDecoder } from '@telltale/domain';
import type { FactMessage } from '@telltale/platform';
import { noteSession, type FileState, type QuarantinedRecord } from './file-state';

/** A fact whose subject and headers are what they should be. */
export interface ReadFact {
  readonly message: FactMessage;
  readonly subject: FactSubject;
  readonly attributes: FactAttributes;
  /** `<source>.<host token>.<hash>`: the tail of its subject. */
  readonly file: string;
}

/** The fact, or what goes to quarantine in its place. */
export function readFact(message: FactMessage): ReadFact | QuarantinedRecord {
  const subject = parseFactSubject(message.subject);
  const headers = parseFactHeaders((name) => message.header(name));
  if (subject !== undefined && headers.ok)
    return { message, subject, attributes: headers.attributes, file: fileOf(subject) };
  return {
    sequence: message.sequence,
    line: 0,
    file: message.subject,
    source: subject?.source ?? '',
    host: subject?.host ?? '',
    path: '',
    reason: headers.ok ? `subject ${message.subject} is not one of a fact` : headers.reason,
    excerpt: '',
  };
}

function fileOf({ source, host, file }: FactSubject): string {
  return `${source}.${subjectToken(host)}.${file}`;
}

/** Of a file that was never heard of. */
export function newFileState(
  { file, subject, attributes }: ReadFact,
  decoder: SourceDecoder | undefined,
): FileState {
  const { partition, source, host } = subject;
  const { path, root } = attributes;
  const state: FileState = {
    file,
    partition,
    source,
    host,
    path,
    root,
    generation: '',
    offset: 0,
    decoderVersion: decoder?.version ?? 0,
    state: {},
    sessionId: null,
    sessions: [],
    entombed: [],
    tombstone: null,
    partSequence: null,
    lastSequence: 0,
    removed: false,
    parked: null,
  };
  notePath(state, decoder);
  return state;
}

/** A generation of the file has begun, perhaps in another place. */
export function noteGeneration(state: FileState, decoder: SourceDecoder): void {
  state.decoderVersion = decoder.version;
  notePath(state, decoder);
}

/** The path may tell whose file it is, also where nothing in it can be read. */
function notePath(state: FileState, decoder: SourceDecoder | undefined): void {
  const told = decoder?.sessionOf?.(state);
  if (told !== undefined) noteSession(state, told);
}

/** As a file's facts are read. */
export function fileFactOf({ message, attributes }: ReadFact, kind: FactKind): FileFact {
  const { sequence, time, body } = message;
  // Lines are found faster in a Buffer than in a plain array.
  return {
    sequence,
    time,
    kind,
    attributes,
    body: Buffer.from(body.buffer, body.byteOffset, body.byteLength),
  };
}

/** The fact of a long line's last part as one that stands where the first does. */
export function standingAt({ message, ...rest }: ReadFact, sequence: number): ReadFact {
  const { subject, time, body } = message;
  return { ...rest, message: { subject, time, body, sequence, header: (name) => message.header(name) } };
}
